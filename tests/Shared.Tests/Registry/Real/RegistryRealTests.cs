// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using ClusterManager.Registry;
using ClusterManager.Shared.Tests.Consul;
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClusterManager.Shared.Tests.Registry.Real;

/// <summary>The client against Debian's docker-registry.</summary>
[Trait("Category", "Real")]
public sealed class RegistryRealTests
{
    [Fact]
    public async Task Tags_digests_and_manifests_are_read()
    {
        await using var registry = await DebianRegistry.StartAsync();
        using var push = new RegistryPush(registry.Address, "shop/web");
        var first = await push.ImageAsync("1.0", "one");
        var second = await push.ImageAsync("1.1", "two");
        using var client = Client(registry);
        var image = ImageName.Parse($"{registry.Name}/shop/web:1.1");
        Assert.Equal(second, (await client.ManifestAsync(image, ManifestRead.Head, default)).Digest);
        var whole = await client.ManifestAsync(image.WithDigest(first), ManifestRead.Whole, default);
        Assert.Equal((first, ManifestKind.Image), (whole.Digest, whole.Kind));
        Assert.True(first.IsOf(whole.Body.Span));
        Assert.Equal(["1.0", "1.1"], (await client.TagsAsync(image, 100, default)).Tags.Order(StringComparer.Ordinal));

        await FailsAsync(RegistryErrorKind.NotFound, () => client.ManifestAsync(image.WithTag("2"), ManifestRead.Head, default));
        await FailsAsync(RegistryErrorKind.NotFound, () => client.ManifestAsync(image.WithTag("2"), ManifestRead.Whole, default));
        await FailsAsync(RegistryErrorKind.NotFound, () => client.TagsAsync(ImageName.Parse($"{registry.Name}/none"), 100, default));
    }

    [Theory]
    [InlineData(Manifests.Index)]
    [InlineData(Manifests.DockerIndex)]
    public async Task An_index_of_two_platforms_has_an_image_for_each(string mediaType)
    {
        await using var registry = await DebianRegistry.StartAsync();
        using var push = new RegistryPush(registry.Address, "web");
        var amd = await push.ImageAsync("amd", "amd");
        var arm = await push.ImageAsync("arm", "arm");
        var index = await push.ManifestAsync("1", mediaType, Manifests.OfIndex(mediaType, (amd, "linux/amd64"), (arm, "linux/arm64/v8")));
        using var client = Client(registry);
        var image = ImageName.Parse($"{registry.Name}/web:1");
        var head = await client.ManifestAsync(image, ManifestRead.Head, default);
        Assert.Equal((index, ManifestKind.Index), (head.Digest, head.Kind));
        Assert.Equal(arm, (await client.PlatformAsync(image, new Platform("linux", "aarch64"), default)).Digest);
        Assert.Equal(amd, (await client.PlatformAsync(image, new Platform("linux", "amd64"), default)).Digest);
        await FailsAsync(RegistryErrorKind.NotFound, () => client.PlatformAsync(image, new Platform("linux", "s390x"), default));
    }

    [Fact]
    public async Task A_password_opens_a_registry_that_asks_for_one()
    {
        await using var registry = await DebianRegistry.StartWithPasswordAsync();
        var basic = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{TestUser.Name}:{TestUser.Password}"));
        using var push = new RegistryPush(registry.Address, "web", new AuthenticationHeaderValue("Basic", basic));
        var digest = await push.ImageAsync("1", "one");
        var image = ImageName.Parse($"{registry.Name}/web:1");
        using var allowed = Client(registry, TestUser.Credential);
        Assert.Equal(digest, (await allowed.ManifestAsync(image, ManifestRead.Head, default)).Digest);
        using var anonymous = Client(registry);
        await FailsAsync(RegistryErrorKind.Refused, () => anonymous.ManifestAsync(image, ManifestRead.Head, default));
        using var wrong = Client(registry, new RegistryCredential(TestUser.Name, "wrong-password"));
        var error = await FailsAsync(RegistryErrorKind.Refused, () => wrong.TagsAsync(image, 10, default));
        Assert.DoesNotContain("wrong-password", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_fetched_from_the_service_that_the_registry_believes()
    {
        await using var tokens = await TokenService.StartAsync();
        await using var registry = await DebianRegistry.StartAsync(tokens.RegistrySection);
        var bearer = new AuthenticationHeaderValue("Bearer", tokens.Issue("shop/web", "pull", "push"));
        using var push = new RegistryPush(registry.Address, "shop/web", bearer);
        var digest = await push.ImageAsync("1", "one");
        var image = ImageName.Parse($"{registry.Name}/shop/web:1");
        using var client = Client(registry, TestUser.Credential);
        Assert.Equal(digest, (await client.ManifestAsync(image, ManifestRead.Head, default)).Digest);
        Assert.Equal(digest, (await client.ManifestAsync(image, ManifestRead.Whole, default)).Digest);
        Assert.Equal(["1"], (await client.TagsAsync(image, 10, default)).Tags);
        Assert.Equal(1, tokens.IssuedCount);
        using var anonymous = Client(registry);
        await FailsAsync(RegistryErrorKind.Refused, () => anonymous.ManifestAsync(image, ManifestRead.Head, default));
    }

    [Fact]
    public async Task A_registry_with_a_root_of_its_own_is_trusted_when_the_root_is()
    {
        using var certificates = TestCertificates.Create("registry root");
        await using var registry = await DebianRegistry.StartWithTlsAsync(certificates);
        using var push = new RegistryPush(registry.Address, "web");
        var digest = await push.ImageAsync("1", "one");
        var image = ImageName.Parse($"{registry.Name}/web:1");
        using var trusting = Client(registry, options: registry.Options with { ExtraRoots = Roots(certificates) });
        Assert.Equal(digest, (await trusting.ManifestAsync(image, ManifestRead.Head, default)).Digest);
        using var careful = Client(registry);
        var error = await FailsAsync(RegistryErrorKind.Unavailable, () => careful.ManifestAsync(image, ManifestRead.Head, default));
        Assert.Contains("TLS", error.Message, StringComparison.Ordinal);
        using var others = TestCertificates.Create("another root");
        using var misled = Client(registry, options: registry.Options with { ExtraRoots = Roots(others) });
        await FailsAsync(RegistryErrorKind.Unavailable, () => misled.ManifestAsync(image, ManifestRead.Head, default));
        // The right root, and a name that the certificate does not hold.
        var byAddress = registry.Options with { ExtraRoots = Roots(certificates), Address = $"127.0.0.1:{registry.Port}" };
        using var elsewhere = Client(registry, options: byAddress);
        await FailsAsync(RegistryErrorKind.Unavailable, () => elsewhere.ManifestAsync(image, ManifestRead.Head, default));
    }

    [Fact]
    public async Task A_registry_that_is_killed_in_the_middle_of_an_answer_is_unavailable_until_it_is_back()
    {
        await using var registry = await DebianRegistry.StartAsync();
        using var push = new RegistryPush(registry.Address, "web");
        var digest = await push.ImageAsync("1", "one", padding: 2_000_000);
        await using var proxy = new CuttingProxy(registry.Port, bytesMax: 500_000, registry.Kill);
        using var cut = new RegistryClient(Settings(proxy.Name, registry.Options, null));
        await FailsAsync(RegistryErrorKind.Unavailable,
            () => cut.ManifestAsync(ImageName.Parse($"{proxy.Name}/web:1"), ManifestRead.Whole, default));
        using var client = Client(registry);
        var image = ImageName.Parse($"{registry.Name}/web:1");
        await FailsAsync(RegistryErrorKind.Unavailable, () => client.ManifestAsync(image, ManifestRead.Whole, default));
        await registry.StartProcessAsync();
        Assert.Equal(digest, (await client.ManifestAsync(image, ManifestRead.Whole, default)).Digest);
    }

    [Fact]
    public async Task A_throttling_front_is_told_with_its_time_and_a_mirror_helps_out()
    {
        await using var registry = await DebianRegistry.StartAsync();
        using var push = new RegistryPush(registry.Address, "web");
        var digest = await push.ImageAsync("1", "one");
        await using var front = await GrpcServer.StartAsync(app => app.Run(Throttle), listen => listen.Protocols = HttpProtocols.Http1);
        var name = front.Address.Authority;
        var image = ImageName.Parse($"{name}/web:1");
        using var client = new RegistryClient(Settings(name, registry.Options, null));
        var error = await FailsAsync(RegistryErrorKind.Throttled, () => client.ManifestAsync(image, ManifestRead.Head, default));
        Assert.Equal(TimeSpan.FromSeconds(42), error.RetryAfter);

        var hosts = RegistryClientTests.Hosts(
            (name, registry.Options with { Mirrors = [registry.Name] }), (registry.Name, registry.Options));
        using var mirrored = new RegistryClient(new RegistryClientOptions { Hosts = hosts, UseProxy = false });
        var manifest = await mirrored.ManifestAsync(image, ManifestRead.Head, default);
        Assert.Equal((digest, registry.Name), (manifest.Digest, manifest.Registry));
    }

    private static Task Throttle(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = "42";
        return context.Response.WriteAsync("""{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}""");
    }

    private static X509Certificate2Collection Roots(TestCertificates certificates)
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(certificates.CaFile);
        return roots;
    }

    private static RegistryClient Client(
        DebianRegistry registry, RegistryCredential? credential = null, RegistryHostOptions? options = null) =>
        new(Settings(registry.Name, options ?? registry.Options, credential));

    private static RegistryClientOptions Settings(string name, RegistryHostOptions host, RegistryCredential? credential) => new()
    {
        Hosts = RegistryClientTests.Hosts((name, host)), UseProxy = false,
        Credentials = credential is null ? null : new OneCredential(name, credential),
    };

    private static async Task<RegistryException> FailsAsync(RegistryErrorKind kind, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<RegistryException>(call);
        Assert.Equal(kind, error.Kind);
        return error;
    }
}
