// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using FsCheck;
using FsCheck.Fluent;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>Properties over random histories. FsCheck prints the numbers of a failing one: give them a named test here.</summary>
public sealed class HistoryProperties
{
    private static Arbitrary<int[]> Histories => Gen.ArrayOf(Gen.Choose(0, 4095)).Resize(60).ToArbitrary();

    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithMaxTest(count);

    [Fact]
    public void Whatever_happened_a_healed_cluster_comes_to_rest_in_the_desired_state() =>
        Check.One(Runs(150), Prop.ForAll(Histories, choices => new RandomHistory().Play(choices).HealAndCheck()));

    [Fact]
    public void The_same_history_gives_the_same_changes() =>
        Check.One(Runs(30), Prop.ForAll(Histories, choices => Assert.Equal(new RandomHistory().Play(choices).Log, new RandomHistory().Play(choices).Log)));

    [Fact]
    public void The_order_in_which_records_are_read_changes_nothing() =>
        Check.One(Runs(30), Prop.ForAll(Histories, choices =>
        {
            var stored = ClusterStateBuilder.Store(new RandomHistory().Play(choices).Cluster.State);
            var reversed = stored with
            {
                Nodes = [.. stored.Nodes.Reverse()], Services = [.. stored.Services.Reverse()], Revisions = [.. stored.Revisions.Reverse()],
                Allocations = [.. stored.Allocations.Reverse()], Volumes = [.. stored.Volumes.Reverse()], Requests = [.. stored.Requests.Reverse()],
            };
            Assert.Equal(FirstTurn(stored), FirstTurn(reversed));
        }));

    private static List<string> FirstTurn(StoredCluster stored)
    {
        var state = ClusterEngine.StartTerm(ClusterStateBuilder.Build(stored), ModelCluster.Epoch);
        var events = state.Nodes.Values.Select((node, i) => new ClusterEvent.NodeConnected(node.Id, i + 1, node.Facts!, true, [])).ToList();
        var result = ClusterEngine.Step(state, [.. events], ModelCluster.Epoch.AddSeconds(2));
        Assert.Empty(StateInvariants.Check(result.State));
        return [.. result.Changes.Select(change => change.ToString()),
            .. result.State.Allocations.Values.SelectMany(map => map.BySlot.Values).SelectMany(records => records).Select(record => record.ToString())];
    }
}
