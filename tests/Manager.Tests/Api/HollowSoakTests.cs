// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using ClusterManager.Hollow.Cluster;
using ClusterManager.Hollow.Runs;
using Xunit.Abstractions;

namespace ClusterManager.Manager.Tests.Api;

/// <summary>Hollow agents at a real manager, for less than a minute; the long form is <c>scripts/hollow.sh soak</c>.</summary>
public sealed class HollowSoakTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    private static readonly Measurement Held = new(10_000_000, 100_000_000, 200, 20, 60, 0, 0);

    [Fact]
    [Trait("Category", "Real")]
    public async Task Manager_holds_no_more_after_reconnects_changes_and_crashes()
    {
        var options = Environment.GetEnvironmentVariable("CLUSTER_TEST_LONG") == "1" ? new SoakOptions() : SoakOptions.Short;
        using var end = new CancellationTokenSource(options.Round * (options.Rounds + options.WarmUpRounds) + Limit, TimeProvider.System);
        var told = new ConcurrentQueue<string>();
        var problems = await SoakRun.RunAsync(options, told.Enqueue, end.Token);
        foreach (var line in told) output.WriteLine(line);
        Assert.True(problems.Count == 0, string.Join('\n', problems.Concat(told)));
    }

    [Fact]
    public void What_comes_and_goes_is_no_growth()
    {
        Measurement[] samples = [Held, Held with { Handles = 205 }, Held with { Threads = 25 }, Held with { ManagedBytes = 12_000_000 }];
        Assert.Empty(SoakVerdict.Judge(samples, 60));
    }

    [Fact]
    public void What_grows_with_time_is_named()
    {
        var samples = Enumerable.Range(0, 12).Select(round => Held with { Handles = 200 + 2 * round, Threads = 20 + round });
        var problems = SoakVerdict.Judge([.. samples], 60);
        Assert.Equal(2, problems.Count);
        Assert.StartsWith("handles grew", problems[0], StringComparison.Ordinal);
        Assert.StartsWith("threads grew", problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_too_few_or_too_many_is_named() =>
        Assert.Equal(2, SoakVerdict.Judge([Held, Held with { Sessions = 59 }, Held, Held with { Sessions = 61 }], 60).Count);
}
