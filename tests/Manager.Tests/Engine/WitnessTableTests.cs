// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>The table of docs/planning.md, row by row.</summary>
public sealed class WitnessTableTests
{
    [Theory]
    [InlineData(true, true, true, NodeState.Ready)]
    [InlineData(true, false, true, NodeState.Ready)]
    [InlineData(true, true, false, NodeState.EngineDown)]
    [InlineData(true, false, false, NodeState.EngineDown)]
    [InlineData(false, true, true, NodeState.AgentAway)]
    [InlineData(false, false, true, NodeState.Down)]
    [InlineData(false, null, true, NodeState.Unknown)]
    public void Known_node(bool session, bool? serf, bool engine, NodeState expected)
    {
        var cluster = new ModelCluster(1);
        var node = ModelCluster.Id(1);
        cluster.Agents[node].EngineUp = engine;
        if (session) cluster.Connect(node);
        if (serf is { } passing) cluster.Send(new ClusterEvent.SerfObserved(cluster.State.Nodes.Keys.ToSorted(_ => passing)));
        cluster.Run(TimeSpan.FromSeconds(1.5));
        Assert.Equal(expected, cluster.State.NodeObservations[node].State);
    }

    [Theory]
    [InlineData(true, NodeState.AgentAway)]
    [InlineData(false, NodeState.Unknown)]
    [InlineData(null, NodeState.Unknown)]
    public void Node_whose_agent_has_never_come(bool? serf, NodeState expected)
    {
        var cluster = new ModelCluster(1, (_, node) => node with { Facts = null });
        if (serf is { } passing) cluster.Send(new ClusterEvent.SerfObserved(cluster.State.Nodes.Keys.ToSorted(_ => passing)));
        cluster.Run(TimeSpan.FromMilliseconds(900));
        Assert.Equal(NodeState.Unknown, cluster.State.NodeObservations[ModelCluster.Id(1)].State);
        cluster.Run(TimeSpan.FromMilliseconds(200));
        Assert.Equal(expected, cluster.State.NodeObservations[ModelCluster.Id(1)].State);
        cluster.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(expected, cluster.State.NodeObservations[ModelCluster.Id(1)].State);
        Assert.IsType<MutationResult.Accepted>(cluster.Ask((n, origin) => new ClusterEvent.RemoveNode(n, origin, "h1")));
    }

    [Fact]
    public void A_global_rollout_does_not_wait_for_an_agent_that_has_never_come()
    {
        var cluster = new ModelCluster(3, (i, node) => i == 3 ? node with { Facts = null } : node);
        cluster.Agents[ModelCluster.Id(3)].IsConnected = false;
        cluster.ObserveSerf();
        cluster.Connect(ModelCluster.Id(1));
        cluster.Connect(ModelCluster.Id(2));
        cluster.Run(TimeSpan.FromSeconds(2));
        cluster.Apply(Specs.Global());
        cluster.Run(TimeSpan.FromSeconds(8));
        Assert.Equal(NodeState.AgentAway, cluster.State.NodeObservations[ModelCluster.Id(3)].State);
        Assert.Equal(RolloutState.Succeeded, cluster.Service("agent").Rollout.State);
    }
}
