// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using ClusterManager.Simulation.Workload;
using Xunit.Abstractions;

namespace ClusterManager.Simulation.Tests;

/// <summary>The seeds of every build: each must keep all promises, come to rest, and be a replay of itself.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const ulong Seeds = 200;

    [Fact]
    public void Two_hundred_seeds_keep_every_promise_and_come_to_rest()
    {
        var failures = new ConcurrentBag<string>();
        var results = new ConcurrentBag<SimulationResult>();
        var next = 0L;
        OnThreads(Math.Min(Environment.ProcessorCount, 4), () =>
        {
            while (Interlocked.Increment(ref next) is var seed && seed <= (long)Seeds)
            {
                var result = SimulationRun.Run((ulong)seed, SimulationRun.DefaultStorm);
                results.Add(result with { Newest = [] });
                if (!result.Violations.IsEmpty) failures.Add(Describe(result));
            }
        });
        Assert.Empty(failures);
        output.WriteLine(
            $"{results.SelectMany(result => result.Situations).ToHashSet().Count} distinct situations of the cluster, "
            + $"{results.Average(result => result.Situations.Count):0} a seed; "
            + $"{results.SelectMany(result => result.Shapes).ToHashSet().Count} distinct shapes of services");
        var fired = results.SelectMany(result => result.Faults).Where(fault => fault.Value > 0).Select(fault => fault.Key);
        Assert.Empty(FaultCounts.Kinds.Except(fired));
    }

    [Theory]
    [MemberData(nameof(RegressionSeeds.All), MemberType = typeof(RegressionSeeds))]
    public void A_seed_that_once_failed_holds(ulong seed, string sentence)
    {
        var result = SimulationRun.Run(seed, SimulationRun.DefaultStorm);
        Assert.True(result.Violations.IsEmpty, $"{sentence}: {Describe(result)}");
    }

    [Fact]
    public void A_seed_is_a_replay_of_itself()
    {
        for (var seed = 1UL; seed <= 5; seed++)
        {
            var first = SimulationRun.Run(seed, TimeSpan.FromMinutes(2));
            var second = SimulationRun.Run(seed, TimeSpan.FromMinutes(2));
            Assert.Equal(first.Hash, second.Hash);
            Assert.Equal(first.Events, second.Events);
        }
    }

    [Fact]
    public void Different_seeds_are_different_stories() => Assert.NotEqual(
        SimulationRun.Run(1, TimeSpan.FromMinutes(1)).Hash, SimulationRun.Run(2, TimeSpan.FromMinutes(1)).Hash);

    private static void OnThreads(int count, ThreadStart work)
    {
        var threads = Enumerable.Range(0, count).Select(_ => new Thread(work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    private static string Describe(SimulationResult result) =>
        $"seed {result.Seed} ({result.Mix}): {string.Join("; ", result.Violations)}\nreplay: scripts/simulate.sh {result.Seed}\n"
            + $"{string.Join('\n', result.Newest.TakeLast(40))}";
}
