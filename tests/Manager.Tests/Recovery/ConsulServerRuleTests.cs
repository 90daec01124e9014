// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Enrollment;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;

namespace ClusterManager.Manager.Tests.Recovery;

/// <summary>After a restore the old managers' Consul servers come back together, or not at all.</summary>
public sealed class ConsulServerRuleTests
{
    [Fact]
    public void Of_three_restored_managers_none_becomes_a_server_before_the_last_confirms()
    {
        var state = Restored(confirmed: 2);
        Assert.Empty(ConsulServerRule.ToPromote(state));
        Assert.Equal(["h2", "h3"], ConsulServerRule.ToPromote(state, ModelCluster.Id(3)).Select(node => node.Name));
    }

    [Fact]
    public void Three_confirmed_managers_are_three_servers() =>
        Assert.Equal(2, ConsulServerRule.ToPromote(Restored(confirmed: 3)).Count);

    private static ClusterState Restored(int confirmed)
    {
        var state = States.Empty(3);
        var meta = state.Meta with { Incarnation = 2, CreatedAt = ModelCluster.Epoch.AddHours(1) };
        foreach (var node in state.Nodes.Values)
        {
            var incarnation = node.Ordinal <= confirmed ? 2 : 1;
            var changed = node with { IsManager = true, IsConsulServer = node.Ordinal == 1, Incarnation = incarnation };
            state = state with { Nodes = state.Nodes.SetItem(node.Id, changed) };
        }

        return state with { Meta = meta };
    }
}
