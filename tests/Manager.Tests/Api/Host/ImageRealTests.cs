// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ClusterManager.Consul;
using ClusterManager.Manager.Persistence;
using ClusterManager.Shared.Tests.Consul;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Api.Host;

/// <summary>Hooks and credentials of registries on a whole manager with a real Consul.</summary>
[Trait("Category", "Real")]
public sealed class ImageRealTests(HostFixture fixture) : IClassFixture<HostFixture>
{
    private const string Token = "a-hooks-token-of-twenty-and-more";

    [Fact]
    public async Task A_hook_is_taken_with_its_token_on_the_apis_port_and_nowhere_without()
    {
        using var channel = fixture.ConnectOperator();
        await LedAsync(channel);
        Assert.Equal(HttpStatusCode.Unauthorized, await HookAsync("", Token));
        await File.WriteAllTextAsync(Path.Combine(fixture.Paths.ManagerDirectory, "hooks.token"), Token);
        Assert.Equal(HttpStatusCode.Accepted, await HookAsync("", Token));
        Assert.Equal(HttpStatusCode.Accepted, await HookAsync("/" + Token, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await HookAsync("/" + Token + "x", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await HookAsync("", null));
        Assert.Equal(HttpStatusCode.BadRequest, await HookAsync("", Token, "{}"));
    }

    [Fact]
    public async Task A_credential_is_stored_sealed_listed_without_its_secret_and_removed()
    {
        using var channel = fixture.ConnectOperator();
        var images = await LedAsync(channel);
        await images.PutLoginAsync(new V1.PutLoginRequest
        {
            RequestId = "login-1", Registry = "registry.test:5000", Username = "puller", Password = "s3cret-password",
        });
        var login = Assert.Single((await images.LoginsAsync(new V1.LoginsRequest())).Logins);
        Assert.Equal(("registry.test:5000", "puller", ""), (login.Registry, login.Username, login.Helper));
        Assert.DoesNotContain("s3cret", login.ToString(), StringComparison.Ordinal);
        using var consul = fixture.ConnectConsul();
        var export = (await consul.Kv.ListAsync(StateKeys.Root, ReadOptions.Consistent, CancellationToken.None)).Value;
        Assert.Contains(export, entry => entry.Key == StateKeys.Login("registry.test:5000"));
        Assert.All(export, entry => Assert.True(entry.Value.AsSpan().IndexOf("s3cret-password"u8) < 0, entry.Key));
        await images.RemoveLoginAsync(new V1.RemoveLoginRequest { RequestId = "login-2", Registry = "registry.test:5000" });
        Assert.Empty((await images.LoginsAsync(new V1.LoginsRequest())).Logins);
    }

    [Fact]
    public async Task A_wrong_credential_is_refused_with_all_that_is_wrong_and_without_the_password()
    {
        using var channel = fixture.ConnectOperator();
        var images = await LedAsync(channel);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await images.PutLoginAsync(
            new V1.PutLoginRequest { RequestId = "login-3", Registry = "no registry", Password = "s3cret-password", Helper = "../evil" }));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var text = error.ToString() + Encoding.UTF8.GetString(error.Trailers.GetValueBytes("cluster-error-bin")!);
        Assert.Contains("helper", text, StringComparison.Ordinal);
        Assert.Contains("registry", text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
    }

    // The lock is held a moment before the term begins.
    private async Task<V1.ImageApi.ImageApiClient> LedAsync(ChannelBase channel)
    {
        var images = new V1.ImageApi.ImageApiClient(channel);
        await Until.TrueAsync("the term begins", TimeSpan.FromSeconds(20), async () =>
        {
            try
            {
                await images.LoginsAsync(new V1.LoginsRequest());
                return true;
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable)
            {
                return false;
            }
        }, () => fixture.Log.Text);
        return images;
    }

    private async Task<HttpStatusCode> HookAsync(
        string path, string? token, string body = """{"events":[{"action":"push","target":{"repository":"shop/web","tag":"latest"}}]}""")
    {
        using var http = fixture.CreateHttp();
        if (token is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var content = new StringContent(body);
        return (await http.PostAsync("/hooks/images" + path, content)).StatusCode;
    }
}
