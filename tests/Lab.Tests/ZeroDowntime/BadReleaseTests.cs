// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.ZeroDowntime;

/// <summary>
/// Releases that must not go out, under requests: each ends within its deadline and a little more with what is wrong and where, all
/// replicas serve what they served before, and no caller notices anything.
/// </summary>
[Collection(WithClients.Name)]
public sealed class BadReleaseTests(ClientsFixture fixture) : LabTest(fixture)
{
    private const int Replicas = 6;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan More = TimeSpan.FromSeconds(15);
    private static readonly string NoDigest = $"registry.lab:5000/web@sha256:{new string('0', 64)}";

    // What is released, which reasons are true, and what the result must name.
    private static readonly (string Name, string Flags, string[] Reasons, string? Names)[] Releases =
    [
        ("image not found", $"--image {Image("none")}", ["imageNotFound"], null),
        ("no such digest", $"--image {NoDigest}", ["imageNotFound"], null),
        ("exits with 1", $"--image {Image("exit1")}", ["exited", "crashLoop"], null),
        ("exits with 0", $"--image {Image("exit0")}", ["exited", "crashLoop"], null),
        ("never healthy", $"--image {Image("unhealthy-hc")}", ["unhealthy"], null),
        (
            "healthy for five seconds",
            $"--image {Image("unhealthy-after-5s")} --health-http 8080/healthz --health-interval 1s --health-retries 2 "
            + "--update-monitor 20s",
            ["unhealthy"], null),
        ("a constraint that no node meets", "--constraint node.labels.none==here", ["noNodeMatches"], "none"),
        ("a registry that answers 500", $"--image {BrokenRegistry.Image}", ["registryUnreachable"], null),
    ];

    /// <inheritdoc/>
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var there = (await Lab.ClusterAsync("service ls -o name")).Expect(0).Lines;
        foreach (var (service, replicas) in new[] { ("web", Replicas), ("solo", 1) })
        {
            if (!there.Contains(service)) await RunServiceAsync(service, replicas, "-p 8080 --env WEB_DRAIN_MS=0 --env WEB_GRACE_MS=0");
            else (await Lab.ClusterAsync($"service update {service} --image {Image("1-hc")}")).Expect(0);
            await NamedAsync(service, replicas, ClientsFixture.Clients);
        }

        await fixture.ProxyLeadsAsync();
    }

    /// <summary>The services stay for the next test.</summary>
    public override Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public Task Bad_releases_end_in_time_with_their_reason_and_cost_no_request() => ReleaseAsync("bad releases", 0, 2);

    [Fact]
    [Trait("Length", "Long")]
    public async Task Eight_ways_to_be_bad_end_in_time_with_their_reason_and_cost_no_request()
    {
        await using var registries = await BrokenRegistry.StartAsync(Lab);
        await ReleaseAsync("all bad releases", [.. Enumerable.Range(0, Releases.Length)]);
    }

    private async Task ReleaseAsync(string name, params int[] numbers)
    {
        await using var traffic = new Traffic(Lab, name.Replace(' ', '-'));
        foreach (var number in numbers) await ReleaseAsync(Releases[number]);
        await traffic.EndAsync(await fixture.ProxyFiguresAsync());
    }

    private async Task ReleaseAsync((string Name, string Flags, string[] Reasons, string? Names) release)
    {
        var result = (await Lab.ClusterAsync($"service update web --timeout {Deadline.TotalSeconds}s {release.Flags}")).Expect(4);
        Assert.True(result.Took < Deadline + More, $"{release.Name}: {result}");
        var rollout = (await Lab.ClusterAsync("service ls -o json")).Expect(0).Json().EnumerateArray()
            .Single(row => row.GetProperty("name").GetString() == "web").GetProperty("rollout");
        Assert.Equal("rolled-back", rollout.GetProperty("state").GetString());
        Assert.Contains(rollout.GetProperty("reasonCode").GetString()!, release.Reasons);
        string[] names = release.Names is { } named ? [named] : [.. Lab.Hosts];
        Assert.True(names.Any(one => result.Text.Contains(one, StringComparison.Ordinal)), $"{release.Name} names nobody: {result.Text}");
        await RunningAsync("web", Replicas);
        var versions = await Task.WhenAll((await NamedAsync("web", Replicas)).Select(VersionAsync));
        Assert.All(versions, version => Assert.Equal("1", version));
    }
}
