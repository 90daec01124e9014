// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using ClusterManager.Registry;
using static ClusterManager.Shared.Tests.Registry.ScriptedHandler;

namespace ClusterManager.Shared.Tests.Registry;

/// <summary>Where a call goes, and what becomes of failures.</summary>
public sealed class RegistryClientTests
{
    private static readonly ImageName Web = ImageName.Parse("registry.example/shop/web:1");
    private static readonly (string, string)[] Head =
        [("Content-Type", Manifests.Image), ("Docker-Content-Digest", Manifests.Digest('a').ToString())];

    [Fact]
    public async Task An_image_without_a_registry_needs_a_default()
    {
        var handler = new ScriptedHandler(_ => Answer(200, "", Head));
        using var without = new RegistryClient(new RegistryClientOptions(), handler);
        var error = await Assert.ThrowsAsync<RegistryException>(() => HeadAsync(without, "redis:7"));
        Assert.Equal(RegistryErrorKind.NoRegistry, error.Kind);
        Assert.Contains("defaultRegistry", error.Message, StringComparison.Ordinal);
        Assert.Empty(handler.Requests);
    }

    [Theory]
    [InlineData("redis:7", "/v2/library/redis/manifests/7")]
    [InlineData("shop/web", "/v2/shop/web/manifests/latest")]
    public async Task A_default_registry_has_short_names_in_its_library(string image, string path)
    {
        var handler = new ScriptedHandler(_ => Answer(200, "", Head));
        using var client = new RegistryClient(new RegistryClientOptions { DefaultRegistry = "registry.lab:5000" }, handler);
        await HeadAsync(client, image);
        Assert.Equal($"https://registry.lab:5000{path}", Assert.Single(handler.Requests).Address.ToString());
    }

    [Fact]
    public async Task Plain_http_and_another_address_are_by_permission()
    {
        var handler = new ScriptedHandler(_ => Answer(200, "", Head));
        var hosts = Hosts(("registry.example", new RegistryHostOptions { PlainHttp = true, Address = "10.0.0.9:5001" }));
        using var client = new RegistryClient(new RegistryClientOptions { Hosts = hosts }, handler);
        await HeadAsync(client, "registry.example/web");
        await HeadAsync(client, "localhost:5000/web");
        Assert.Equal(["http://10.0.0.9:5001/v2/web/manifests/latest", "https://localhost:5000/v2/web/manifests/latest"],
            handler.Requests.Select(request => request.Address.ToString()));
    }

    [Fact]
    public async Task Mirrors_are_asked_first_in_order_and_their_failures_are_told()
    {
        var failures = new List<string>();
        var handler = new ScriptedHandler(request => request.Address.Host switch
        {
            "one.example" => throw new HttpRequestException(HttpRequestError.ConnectionError, "", new SocketException(111)),
            "two.example" => Answer(404),
            _ => Answer(200, "", Head),
        });
        var hosts = Hosts(("registry.example", new RegistryHostOptions { Mirrors = ["one.example", "two.example"] }));
        var options = new RegistryClientOptions { Hosts = hosts, MirrorFailed = error => failures.Add($"{error.Registry} {error.Kind}") };
        using var client = new RegistryClient(options, handler);
        Assert.Equal("registry.example", (await client.ManifestAsync(Web, ManifestRead.Head, default)).Registry);
        Assert.Equal(["one.example Unavailable", "two.example NotFound"], failures);

        var mirrored = new ScriptedHandler(_ => Answer(200, "", Head));
        using var lucky = new RegistryClient(options, mirrored);
        Assert.Equal("one.example", (await lucky.ManifestAsync(Web, ManifestRead.Head, default)).Registry);
        Assert.Single(mirrored.Requests);
    }

    [Theory]
    [InlineData(401, RegistryErrorKind.Refused)]
    [InlineData(403, RegistryErrorKind.Refused)]
    [InlineData(404, RegistryErrorKind.NotFound)]
    [InlineData(500, RegistryErrorKind.Unavailable)]
    [InlineData(503, RegistryErrorKind.Unavailable)]
    [InlineData(405, RegistryErrorKind.Protocol)]
    [InlineData(204, RegistryErrorKind.Protocol)]
    public async Task A_status_is_a_kind(int status, RegistryErrorKind kind) =>
        Assert.Equal(kind, (await FailsAsync(_ => Answer(status))).Kind);

    [Fact]
    public async Task Throttling_says_how_long_to_wait()
    {
        var told = await FailsAsync(_ => Answer(429, "", ("Retry-After", "7")));
        Assert.Equal((RegistryErrorKind.Throttled, TimeSpan.FromSeconds(7)), (told.Kind, told.RetryAfter));
        Assert.Equal(TimeSpan.FromMinutes(1), (await FailsAsync(_ => Answer(429))).RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(9), (await FailsAsync(_ => Answer(503, "", ("Retry-After", "9")))).RetryAfter);
    }

    [Theory]
    [InlineData("http://registry.example/elsewhere")]
    [InlineData("ftp://registry.example/elsewhere")]
    [InlineData("https://a:b@registry.example/elsewhere")]
    [InlineData("https://registry.example/v2/shop/web/manifests/1")]
    [InlineData("")]
    public async Task A_redirect_to_another_scheme_or_without_end_is_not_followed(string location) => Assert.Equal(
        RegistryErrorKind.Protocol, (await FailsAsync(_ => Answer(307, "", ("Location", location)))).Kind);

    [Fact]
    public async Task A_redirect_to_another_machine_is_followed_without_identity()
    {
        var handler = new ScriptedHandler(request => request switch
        {
            { Address.Host: "store.example" } => Answer(200, Manifests.OfImage(), ("Content-Type", Manifests.Image)),
            { Authorization: null } => Answer(401, "", ("WWW-Authenticate", "Basic realm=\"r\"")),
            _ => Answer(307, "", ("Location", "https://store.example/blob")),
        });
        var credentials = new OneCredential("registry.example", new RegistryCredential("olga", "correct-horse"));
        using var client = new RegistryClient(new RegistryClientOptions { Credentials = credentials }, handler);
        await client.ManifestAsync(Web, ManifestRead.Whole, default);
        Assert.NotNull(handler.Requests[^2].Authorization);
        Assert.Null(handler.Requests[^1].Authorization);
    }

    [Fact]
    public async Task A_stranger_behind_a_redirect_is_shown_nothing()
    {
        var handler = new ScriptedHandler(request => request.Address.Host == "registry.example"
            ? Answer(307, "", ("Location", "https://stranger.example/x"))
            : Answer(401, "", ("WWW-Authenticate", "Bearer realm=\"https://stranger.example/token\"")));
        var credentials = new OneCredential("registry.example", new RegistryCredential("olga", "correct-horse"));
        using var client = new RegistryClient(new RegistryClientOptions { Credentials = credentials }, handler);
        var error = await Assert.ThrowsAsync<RegistryException>(() => client.ManifestAsync(Web, ManifestRead.Whole, default));
        Assert.Equal(RegistryErrorKind.Refused, error.Kind);
        Assert.Equal(2, handler.Requests.Count);
        Assert.All(handler.Requests, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task A_server_that_knows_no_head_is_asked_for_the_whole()
    {
        var handler = new ScriptedHandler(request => request.Method == "HEAD"
            ? Answer(405)
            : Answer(200, Manifests.OfImage(), ("Content-Type", Manifests.Image)));
        using var client = new RegistryClient(new RegistryClientOptions(), handler);
        var manifest = await client.ManifestAsync(Web, ManifestRead.Head, default);
        Assert.Equal(Manifests.DigestOf(Manifests.OfImage()), manifest.Digest);
    }

    [Fact]
    public async Task A_callers_cancellation_is_no_failure_of_the_registry()
    {
        using var cancelled = new CancellationTokenSource();
        var handler = new ScriptedHandler(_ =>
        {
            cancelled.Cancel();
            throw new OperationCanceledException(cancelled.Token);
        });
        using var client = new RegistryClient(new RegistryClientOptions(), handler);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ManifestAsync(Web, ManifestRead.Head, cancelled.Token));
    }

    internal static Dictionary<string, RegistryHostOptions> Hosts(params (string Name, RegistryHostOptions Options)[] hosts) =>
        hosts.ToDictionary(host => host.Name, host => host.Options, StringComparer.Ordinal);

    private static Task<Manifest> HeadAsync(RegistryClient client, string image) =>
        client.ManifestAsync(ImageName.Parse(image), ManifestRead.Head, default);

    private static async Task<RegistryException> FailsAsync(Func<Asked, HttpResponseMessage> answer)
    {
        using var client = new RegistryClient(new RegistryClientOptions(), new ScriptedHandler(answer));
        return await Assert.ThrowsAsync<RegistryException>(() => client.ManifestAsync(Web, ManifestRead.Head, default));
    }
}
