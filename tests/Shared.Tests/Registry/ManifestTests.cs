// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Registry;
using static ClusterManager.Shared.Tests.Registry.ScriptedHandler;

namespace ClusterManager.Shared.Tests.Registry;

public sealed class ManifestTests
{
    private static readonly ImageName Web = ImageName.Parse("registry.example/shop/web:1");

    [Theory]
    [InlineData(Manifests.Image, ManifestKind.Image)]
    [InlineData(Manifests.DockerImage, ManifestKind.Image)]
    [InlineData(Manifests.Index, ManifestKind.Index)]
    [InlineData(Manifests.DockerIndex, ManifestKind.Index)]
    public async Task A_head_gives_the_digest(string mediaType, ManifestKind kind)
    {
        var handler = new ScriptedHandler(_ => Answer(
            200, "", ("Content-Type", mediaType + "; charset=utf-8"), ("Docker-Content-Digest", Manifests.Digest('a').ToString())));
        var manifest = await ReadAsync(handler, Web, ManifestRead.Head);
        Assert.Equal((Manifests.Digest('a'), kind, "registry.example"), (manifest.Digest, manifest.Kind, manifest.Registry));
        var request = Assert.Single(handler.Requests);
        Assert.Equal(("HEAD", "https://registry.example/v2/shop/web/manifests/1"), (request.Method, request.Address.ToString()));
        Assert.Contains(Manifests.DockerIndex, request.Accept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_without_digest_is_followed_by_a_get_whose_body_is_hashed()
    {
        var body = Manifests.OfImage();
        var handler = new ScriptedHandler(_ => Answer(200, body, ("Content-Type", Manifests.Image)));
        var manifest = await ReadAsync(handler, Web, ManifestRead.Head);
        Assert.Equal(Manifests.DigestOf(body), manifest.Digest);
        Assert.Equal(["HEAD", "GET"], handler.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task What_was_asked_for_by_digest_is_verified()
    {
        var pinned = Web.WithDigest(Manifests.Digest('b'));
        var lying = new ScriptedHandler(_ => Answer(200, Manifests.OfImage(), ("Content-Type", Manifests.Image)));
        await FailsAsync(RegistryErrorKind.Untrue, lying, pinned, ManifestRead.Whole);
        var confused = new ScriptedHandler(_ => Answer(
            200, "", ("Content-Type", Manifests.Image), ("Docker-Content-Digest", Manifests.Digest('a').ToString())));
        await FailsAsync(RegistryErrorKind.Untrue, confused, pinned, ManifestRead.Head);
    }

    [Fact]
    public async Task A_body_that_differs_from_the_announced_digest_is_refused() => await FailsAsync(
        RegistryErrorKind.Untrue,
        new ScriptedHandler(_ => Answer(
            200, Manifests.OfImage(), ("Content-Type", Manifests.Image), ("Docker-Content-Digest", Manifests.Digest('a').ToString()))),
        Web, ManifestRead.Whole);

    [Theory]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}", Manifests.Index)]
    [InlineData("{\"schemaVersion\":2,\"layers\":[]}", Manifests.Index)]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[]}", Manifests.Image)]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"" + Manifests.Image + "\",\"layers\":[]}", Manifests.Index)]
    [InlineData("{\"schemaVersion\":1,\"fsLayers\":[]}", "application/vnd.docker.distribution.manifest.v1+prettyjws")]
    [InlineData("{\"schemaVersion\":2}", "text/html")]
    [InlineData("null", Manifests.Image)]
    [InlineData("[]", Manifests.Image)]
    [InlineData("{", Manifests.Image)]
    [InlineData("", Manifests.Image)]
    public async Task What_is_no_single_kind_of_manifest_is_refused(string body, string mediaType) => await FailsAsync(
        RegistryErrorKind.Protocol, new ScriptedHandler(_ => Answer(200, body, ("Content-Type", mediaType))), Web, ManifestRead.Whole);

    [Fact]
    public async Task An_image_for_a_platform_is_found_through_its_index()
    {
        var arm = Manifests.OfImage(Manifests.DockerImage);
        var index = Manifests.OfIndex((Manifests.Digest('c'), "linux/amd64"), (Manifests.DigestOf(arm), "linux/arm64/v8"));
        var handler = new ScriptedHandler(request => request.Path.EndsWith("/1", StringComparison.Ordinal)
            ? Answer(200, index, ("Content-Type", Manifests.Index))
            : Answer(200, arm, ("Content-Type", Manifests.DockerImage)));
        using var client = Client(handler);
        var manifest = await client.PlatformAsync(Web, new Platform("linux", "arm64"), default);
        Assert.Equal(Manifests.DigestOf(arm), manifest.Digest);
        var error = await Assert.ThrowsAsync<RegistryException>(() => client.PlatformAsync(Web, new Platform("linux", "s390x"), default));
        Assert.Equal(RegistryErrorKind.NotFound, error.Kind);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_not_read()
    {
        var body = new byte[(4 << 20) + 1];
        await FailsAsync(RegistryErrorKind.Protocol, new ScriptedHandler(_ => Answer(200, body, ("Content-Type", Manifests.Image))), Web,
            ManifestRead.Whole);
        var many = "{\"schemaVersion\":2,\"manifests\":[" + string.Join(',', Enumerable.Repeat("{}", 100_000)) + "]}";
        await FailsAsync(RegistryErrorKind.Protocol, new ScriptedHandler(_ => Answer(200, many, ("Content-Type", Manifests.Index))), Web,
            ManifestRead.Whole);
    }

    private static RegistryClient Client(ScriptedHandler handler) => new(new RegistryClientOptions(), handler);

    private static async Task<Manifest> ReadAsync(ScriptedHandler handler, ImageName image, ManifestRead read)
    {
        using var client = Client(handler);
        return await client.ManifestAsync(image, read, default);
    }

    private static async Task FailsAsync(RegistryErrorKind kind, ScriptedHandler handler, ImageName image, ManifestRead read) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<RegistryException>(() => ReadAsync(handler, image, read))).Kind);
}
