// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Services;

/// <summary>A service that follows a tag of the lab's registry, and any version of it by its name.</summary>
[Collection(OneManager.Name)]
public sealed class TrackingTests(OneManagerFixture fixture) : LabTest(fixture)
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    private static readonly HttpClient Registry = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <inheritdoc/>
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await File.WriteAllTextAsync(
            Path.Combine(Lab.DataOf("h1"), "manager", "registries.json"), """{"registries": {"registry.lab:5000": {"plainHttp": true}}}""");
    }

    [Fact]
    public async Task A_tag_that_moves_is_rolled_out_what_failed_is_not_tried_again_and_what_comes_next_is()
    {
        await MoveAsync("1-hc");
        var before = await RunServiceAsync("live", 2, "-p 8080 --track tag --track-interval 5s --timeout 15s", "live");
        await MoveAsync("2-hc");
        await VersionsAsync("2");

        await MoveAsync("unhealthy-hc");
        await Eventually.HoldsAsync("the bad one is rolled back", 60, StateAsync, state => state == "rolled-back");
        var after = await RunningAsync("live", 2);
        await VersionsAsync("2");
        await Eventually.StaysAsync(
            "the bad one is left alone", 11, () => RunningNowAsync("live"), found => Lives(found).SequenceEqual(Lives(after)), 0.5);
        Assert.Empty(Ids(before).Intersect(Ids(after)));

        await MoveAsync("3-hc");
        await VersionsAsync("3");
    }

    [Fact]
    public async Task Any_version_that_the_registry_holds_is_deployed_by_its_name()
    {
        await RunServiceAsync("web", 2);
        (await Lab.ClusterAsync("image tags web")).Expect(0).ExpectText("3-hc");
        (await Lab.ClusterAsync("deploy web@3-hc")).Expect(0);
        Assert.Equal(["3", "3"], await Task.WhenAll((await NamedAsync("web", 2)).Select(VersionAsync)));
        (await Lab.ClusterAsync("deploy web@none")).Expect(4).ExpectText("none");
    }

    private async Task<string?> StateAsync()
    {
        var services = (await Lab.ClusterAsync("service ls -o json")).Expect(0).Json();
        return services.EnumerateArray().Single().GetProperty("rollout").GetProperty("state").GetString();
    }

    // All replicas that are named answer as this version; at most the interval, its jitter and a rollout away.
    private Task<string[]> VersionsAsync(string version) => Eventually.HoldsAsync(
        $"all replicas are version {version}", 40,
        async () => await Task.WhenAll((await Lab.ResolveAsync("live")).Select(VersionAsync)),
        found => found.Length == 2 && found.All(one => one == version));

    // The tag means another image from now on: its manifest is put under the tag's name.
    private async Task MoveAsync(string tag)
    {
        var root = $"http://{Lab.Net}.2:5000/v2/web/manifests/";
        using var ask = new HttpRequestMessage(HttpMethod.Get, root + tag);
        ask.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(ManifestType));
        using var manifest = (await Registry.SendAsync(ask)).EnsureSuccessStatusCode();
        using var content = new ByteArrayContent(await manifest.Content.ReadAsByteArrayAsync());
        content.Headers.ContentType = manifest.Content.Headers.ContentType;
        using var put = await Registry.PutAsync(new Uri(root + "live"), content);
        put.EnsureSuccessStatusCode();
    }
}
