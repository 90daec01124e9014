// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using Xunit.Abstractions;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>What a turn costs, printed and never judged: time on a shared machine proves nothing. Run it in Release.</summary>
public sealed class StepCostTests(ITestOutputHelper output)
{
    private const int PerNode = 10;
    private const int Services = 20;
    private const int Rounds = 21;

    [Theory]
    [InlineData(100)]
    [InlineData(300)]
    [InlineData(1000)]
    public void Cost_of_a_turn(int nodes)
    {
        var cluster = new ModelCluster(nodes).Up();
        for (var i = 0; i < Services; i++) cluster.Apply(Specs.Web(nodes * PerNode / Services, name: $"s{i}"));
        cluster.Run(TimeSpan.FromSeconds(8));
        Assert.All(cluster.State.Services.Values, service => Assert.Equal(RolloutState.Succeeded, service.Rollout.State));

        var replica = cluster.Live("s3")[0];
        var agent = cluster.Agents[replica.Node];
        var restarted = new AllocationReport(replica.Id, cluster.State.Observations[replica.Id] with { Restarts = 1 });
        Print("status report", nodes, cluster, new ClusterEvent.AgentReported(agent.Node, agent.Session, true, null, [restarted]));
        Print("scale +1", nodes, cluster, new ClusterEvent.ScaleServices(
            1, new MutationOrigin("bench", "olga", "m"), [(ServiceName.Parse("s3"), (nodes * PerNode / Services) + 1)], null));
        Print("node lost", nodes, cluster, new ClusterEvent.NodeDisconnected(agent.Node, agent.Session),
            new ClusterEvent.SerfObserved(cluster.State.Nodes.Keys.ToSorted(node => node != agent.Node)));
    }

    private void Print(string what, int nodes, ModelCluster cluster, params ClusterEvent[] events)
    {
        var times = new List<double>();
        var changes = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var started = Stopwatch.GetTimestamp();
            changes = ClusterEngine.Step(cluster.State, events, cluster.Now.AddSeconds(1)).Changes.Length;
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        times.Sort();
        output.WriteLine($"{nodes} nodes, {nodes * PerNode} allocations, {what}: median {times[Rounds / 2]:0.00} ms, "
            + $"worst {times[^1]:0.00} ms, {changes} changes");
    }
}
