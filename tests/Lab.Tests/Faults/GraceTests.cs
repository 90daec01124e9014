// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Faults;

/// <summary>
/// A machine that lives while its agent or its engine does not: half a minute is left to an engine, a whole one to an agent, then what it
/// ran is replaced elsewhere. Both wait in one test, on two hosts.
/// </summary>
[Collection(OneManager.Name)]
[Trait("Length", "Long")]
public sealed class GraceTests(OneManagerFixture fixture) : LabTest(fixture)
{
    private const double EngineGrace = 30;
    private const double AgentGrace = 60;

    [Fact]
    public async Task A_dead_engine_is_replaced_after_half_a_minute_a_dead_agent_after_a_whole_one_and_neither_before()
    {
        var before = await RunServiceAsync("web", 3);
        var endpoints = await NamedAsync("web", 3);
        var scene = await FaultScene.OfAsync(Lab, "web", withPlaces: false);
        await Lab.SignalAsync("h2", "supervisor", "STOP"); // else it would start the agent again
        IReadOnlyList<LabContainer> moved;
        try
        {
            var since = TimeProvider.System.GetUtcNow();
            await Task.WhenAll(Lab.KillProgramAsync("h2", "agent"), Lab.TellAsync("stop", "h3", "engine"));
            moved = await MovedAsync(since, before, endpoints);
        }
        finally
        {
            await Lab.SignalAsync("h2", "supervisor", "CONT");
            await Lab.TellAsync("start", "h3", "engine");
        }

        await WellAsync();
        var after = await RunningAsync("web", 3);
        Assert.Equal(Lives(moved.Where(it => it.Host == "h1")), Lives(after));
        Assert.All(await NamedAsync("web", 3, seconds: 20), endpoint => Assert.Equal(Lab.AddressOf("h1"), endpoint.Address));
        await scene.RecordAsync(
            "an agent is killed and kept down for more than a minute, while its machine lives",
            "`nodeNotReady` ('its agent is away') in cluster status; after 60 s its containers are replaced elsewhere");
        await scene.RecordAsync(
            "an engine is down for more than half a minute, while its agent lives",
            "`nodeEngineDown` in cluster status; after 30 s its containers are replaced elsewhere");
    }

    /// <summary>Follows both graces to their ends; returns what runs then.</summary>
    private async Task<IReadOnlyList<LabContainer>> MovedAsync(
        DateTimeOffset since, IReadOnlyList<LabContainer> before, IReadOnlyList<Endpoint> endpoints)
    {
        await Eventually.HoldsAsync("both are said", 15, () => Lab.ClusterAsync("status"), status =>
            status.Text.Contains("its agent is away", StringComparison.Ordinal)
            && status.Text.Contains("its Docker Engine does not answer", StringComparison.Ordinal));
        await StaysUntilAsync(since, EngineGrace, Lives(before.Where(it => it.Host != "h3")));
        var kept = endpoints.Where(it => it.Address != Lab.AddressOf("h3")).ToHashSet();
        Assert.Superset(kept, (await Lab.ResolveAsync("web")).ToHashSet());

        var first = await MovedAfterAsync(since, EngineGrace, onFirst: 2);
        Assert.Superset(Lives(before.Where(it => it.Host != "h3")).ToHashSet(), Lives(first).ToHashSet());
        await StaysUntilAsync(since, AgentGrace, Lives(first));
        Assert.Contains(Lab.AddressOf("h2"), (await NamedAsync("web", 3)).Select(it => it.Address));

        // Without its agent nobody can end the replaced one: it runs on until the agent returns.
        var second = await MovedAfterAsync(since, AgentGrace, onFirst: 3);
        Assert.Superset(Lives(first).ToHashSet(), Lives(second).ToHashSet());
        return second;
    }

    private Task StaysUntilAsync(DateTimeOffset since, double seconds, IReadOnlyList<string> lives) => Eventually.StaysAsync(
        $"nothing moves for {seconds} s", seconds - SecondsUntil(TimeProvider.System.GetUtcNow(), since), () => RunningNowAsync("web"),
        now => Lives(now).SequenceEqual(lives) || SecondsUntil(TimeProvider.System.GetUtcNow(), since) >= seconds, everySeconds: 1);

    /// <summary>Waits until the container of one more host runs on h1; its engine knows best when it was started.</summary>
    private async Task<IReadOnlyList<LabContainer>> MovedAfterAsync(DateTimeOffset since, double grace, int onFirst)
    {
        var found = await Eventually.HoldsAsync(
            $"{onFirst} run on h1 after {grace} s", 20, () => RunningNowAsync("web"), found =>
                found.Count(it => it.Host == "h1") == onFirst && found.Count == onFirst + 1);
        var newest = found.Max(it => DateTimeOffset.Parse(it.StartedAt, CultureInfo.InvariantCulture));
        Assert.InRange(SecondsUntil(newest, since), grace, grace + 15);
        return found;
    }

    private static double SecondsUntil(DateTimeOffset then, DateTimeOffset since) => (then - since).TotalSeconds;
}
