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

    private static Arbitrary<int[]> WorseHistories =>
        Gen.ArrayOf(Gen.Choose(0, RandomHistory.Adversary + 2047)).Resize(50).ToArbitrary();

    /// <summary>HISTORY_FACTOR in the environment multiplies the histories, for a night's run.</summary>
    private static int Factor => int.TryParse(Environment.GetEnvironmentVariable("HISTORY_FACTOR"), out var factor) ? factor : 1;

    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithMaxTest(count * Factor);

    [Fact]
    public void Whatever_happened_a_healed_cluster_comes_to_rest_in_the_desired_state() =>
        Check.One(Runs(150), Prop.ForAll(Histories, choices => new RandomHistory().Play(choices).HealAndCheck()));

    /// <summary>Leader changes within changes, nodes removed and back under their name, contested ports, orders upon orders.</summary>
    [Fact]
    public void Whatever_an_adversary_did_a_healed_cluster_comes_to_rest_in_the_desired_state() =>
        Check.One(Runs(150), Prop.ForAll(WorseHistories, choices => new RandomHistory().Play(choices).HealAndCheck()));

    [Fact]
    public void Whatever_happened_to_canaries_and_pulls_a_healed_cluster_comes_to_rest_in_the_desired_state() =>
        Check.One(Runs(150), Prop.ForAll(WorseHistories, choices => new RandomHistory { IsInSteps = true }.Play(choices).HealAndCheck()));

    [Fact]
    public void An_update_that_fails_over_an_unfinished_first_deploy_comes_to_rest() => new RandomHistory().Play(
    [
        3595, 2721, 2971, 1107, 3633, 3962, 3272, 2845, 1807, 3288, 3451, 2979, 2035, 2929, 577, 540, 350, 1556, 1179, 186, 1375, 3557,
            2739, 905,
        1089, 3086, 108, 2983, 3149, 1063, 3520, 2880, 1329, 731, 1641, 3350, 420, 3621, 2488, 963, 695, 1219, 1104, 1653, 1741, 4095, 65,
            627,
    ]).HealAndCheck();

    [Fact]
    public void A_drain_after_a_failed_update_comes_to_rest() => new RandomHistory().Play(
    [
        385, 348, 2413, 1354, 1747, 2871, 528, 4070, 3382, 1184, 3926, 3901, 633, 3944, 2379, 1689, 1378, 2502, 1234, 3410, 1761, 3475,
            2863, 67,
        1090, 3060, 2235, 3518, 1235, 2778, 3488, 588, 2740, 2395, 2620, 1423, 1196, 3303, 3965, 443, 3830, 74, 4051, 1417, 2126, 3995,
            2954, 4076,
        2984, 3803, 2840, 1124, 527, 1724, 1073, 3317, 1032, 3377, 2925, 3399,
    ]).HealAndCheck();

    [Fact]
    public void The_same_history_gives_the_same_changes() =>
        Check.One(Runs(30), Prop.ForAll(Histories, choices =>
            Assert.Equal(new RandomHistory().Play(choices).Log, new RandomHistory().Play(choices).Log)));

    [Fact]
    public void The_order_in_which_records_are_read_changes_nothing() =>
        Check.One(Runs(30), Prop.ForAll(Histories, choices =>
        {
            var stored = ClusterStateBuilder.Store(new RandomHistory().Play(choices).Cluster.State);
            var reversed = stored with
            {
                Nodes = [.. stored.Nodes.Reverse()], Services = [.. stored.Services.Reverse()], Revisions = [.. stored.Revisions.Reverse()],
                Allocations = [.. stored.Allocations.Reverse()], Volumes = [.. stored.Volumes.Reverse()],
                    Requests = [.. stored.Requests.Reverse()],
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
            .. result.State.Allocations.Values.SelectMany(map => map.BySlot.Values).SelectMany(records => records).Select(record =>
                record.ToString())];
    }
}
