// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Credentials;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.Registry;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Manager.Tracking;
using ClusterManager.Registry;
using ClusterManager.Shared.Tests.Registry.Real;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterManager.Manager.Tests.Credentials;

/// <summary>A credential from its setting to its use: stored sealed, found by the registry client, and nowhere to be read.</summary>
public sealed class StoredLoginTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cm-logins-").FullName;
    private readonly SecretBox _box = new(ClusterKey.FromBytes(RandomNumberGenerator.GetBytes(32)));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task An_export_of_the_state_does_not_hold_the_secret_in_any_form()
    {
        await using var loop = new LoopFixture().Start();
        var desk = Desk(loop);
        await PutAsync(loop, desk, "registry.test:5000");
        var export = loop.Consul.Export();
        var stored = export[StateKeys.Login("registry.test:5000")];
        Assert.Contains(TestUser.Name, Encoding.UTF8.GetString(stored), StringComparison.Ordinal);
        byte[] plain = Encoding.UTF8.GetBytes(TestUser.Password);
        string[] forms =
        [
            TestUser.Password, Convert.ToBase64String(plain), Convert.ToHexString(plain), Convert.ToHexStringLower(plain),
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TestUser.Name}:{TestUser.Password}")),
        ];
        foreach (var (key, value) in export)
            Assert.All(forms, form => Assert.True(value.AsSpan().IndexOf(Encoding.UTF8.GetBytes(form)) < 0, $"{key} holds {form}"));
        var state = loop.Loop.Snapshots.Current;
        Assert.DoesNotContain(TestUser.Password, state.Logins["registry.test:5000"].ToString(), StringComparison.Ordinal);
        Assert.Equal(TestUser.Credential, await desk.FindAsync("registry.test:5000", CancellationToken.None));
    }

    [Fact]
    public async Task What_was_removed_is_gone_from_the_store()
    {
        await using var loop = new LoopFixture().Start();
        var desk = Desk(loop);
        await PutAsync(loop, desk, "registry.test:5000");
        Assert.IsType<MutationResult.Accepted>(await RemoveAsync(loop, "registry.test:5000"));
        Assert.Null(loop.Consul.Get(StateKeys.Login("registry.test:5000")));
        Assert.Null(await desk.FindAsync("registry.test:5000", CancellationToken.None));
        var refused = Assert.IsType<MutationResult.Refused>(await RemoveAsync(loop, "registry.test:5000"));
        Assert.Equal(RefusalKind.NotFound, refused.Kind);
    }

    [Fact]
    [Trait("Category", "Real")]
    public async Task A_real_registry_with_a_password_is_read_with_the_stored_credential()
    {
        await using var registry = await DebianRegistry.StartWithPasswordAsync();
        var identity = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TestUser.Name}:{TestUser.Password}")));
        using var push = new RegistryPush(registry.Address, "shop/web", identity);
        var digest = await push.ImageAsync("latest", "one");
        var file = Path.Combine(_directory, "registries.json");
        await File.WriteAllTextAsync(file, $"{{\"registries\":{{\"{registry.Name}\":{{\"plainHttp\":true}}}}}}");
        await using var loop = new LoopFixture().Start();
        var desk = Desk(loop);
        using var registries = new RegistryAccess(file, TimeProvider.System, NullLogger<RegistryAccess>.Instance) { Credentials = desk };
        var tags = new RegistryTagReader(registries);
        var image = $"{registry.Name}/shop/web:latest";
        var refused = await Assert.ThrowsAsync<RegistryException>(() => tags.DigestAsync(image, CancellationToken.None));
        Assert.Equal(RegistryErrorKind.Refused, refused.Kind);
        await PutAsync(loop, desk, registry.Name);
        Assert.Equal(digest.ToString(), await tags.DigestAsync(image, CancellationToken.None));
        Assert.Equal(["latest"], await tags.TagsAsync(image, CancellationToken.None));
    }

    private CredentialDesk Desk(LoopFixture loop) => new(
        () => loop.Loop.Snapshots.Current.Logins, _box, new HelperDouble(new VirtualTime()), TimeProvider.System,
        NullLogger<CredentialDesk>.Instance);

    private static async Task PutAsync(LoopFixture loop, CredentialDesk desk, string registry)
    {
        var login = new RegistryLoginRecord
        {
            Registry = registry, Username = TestUser.Name, Sealed = desk.Seal(registry, new Secret(TestUser.Password)),
            CreatedBy = "operator olga", CreatedAt = ModelCluster.Epoch,
        };
        Assert.IsType<MutationResult.Accepted>(await loop.Loop.SubmitAsync(
            ticket => new ClusterEvent.PutLogin(ticket, new MutationOrigin($"put {registry}", "operator olga", "PutLogin"), login),
            CancellationToken.None));
    }

    private static Task<MutationResult> RemoveAsync(LoopFixture loop, string registry) => loop.Loop.SubmitAsync(
        ticket => new ClusterEvent.RemoveLogin(
            ticket, new MutationOrigin($"rm {Guid.NewGuid():N}", "operator olga", "RemoveLogin"), registry),
        CancellationToken.None);
}
