// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Benchmarks.Failover;
using ClusterManager.Benchmarks.FalseDeaths;
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Faults;

/// <summary>What is slow must not be taken for dead. <c>scripts/bench.sh false-deaths</c> does it for an hour.</summary>
[Collection(Measured.Name)]
public sealed class FalseDeathTests(MeasuredFixture fixture) : LabTest(fixture)
{
    private const int Replicas = 6;

    private static readonly TimeSpan Length =
        TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("CLUSTER_TEST_LONG") == "1" ? 600 : 25);

    [Fact]
    public async Task Busy_lossy_hosts_whose_programs_stand_still_now_and_then_lose_no_replica()
    {
        var before = await RunServiceAsync(FailoverScenarios.Service, Replicas, tag: "1");
        using var client = await WriteProbe.OpenAsync(Lab, "h1", FailoverScenarios.Service, Replicas);
        var observer = new NodeObserver(client);
        await using (var adversity = await Adversity.BeginAsync(Lab))
            await Task.WhenAll(adversity.PauseAtRandomAsync(seed: 1, Length), observer.WatchAsync(Length));
        Assert.Empty(observer.Dead);
        Assert.True(observer.Answers > 0, "no manager answered at all");
        Assert.Equal(Lives(before), Lives(await Lab.ContainersAsync($"default/{FailoverScenarios.Service}")));
    }
}
