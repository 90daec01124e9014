// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>Replicas that are replaced by an operator's order, though their revision is the wanted one.</summary>
public sealed class ReplaceTests
{
    [Fact]
    public void Only_the_named_ones_are_replaced_the_new_ones_first_one_after_another()
    {
        var cluster = Running(Specs.Web(4));
        cluster.Told.Clear();
        Assert.IsType<MutationResult.Accepted>(Replace(cluster, 2, 3));
        var fewest = 4;
        for (var i = 0; i < 200; i++)
        {
            cluster.Run(TimeSpan.FromMilliseconds(100));
            fewest = Math.Min(fewest, cluster.Available("web"));
        }

        Assert.Equal(4, fewest);
        Assert.Equal(["1-1-1", "1-2-2", "1-3-2", "1-4-1"], cluster.Live("web").Select(record => record.Id.ToString()));
        Assert.All(cluster.Live("web"), record => Assert.False(record.IsToBeReplaced));
        Assert.Equal((RolloutState.Succeeded, 2, 1),
            (cluster.Service("web").Rollout.State, cluster.Service("web").Rollout.Number, cluster.Service("web").Revision));
        Assert.Equal(4, cluster.Told.Count);
    }

    [Fact]
    public void What_uses_a_volume_stops_first_and_stays_at_its_home()
    {
        var cluster = Running(Specs.Web(1).WithVolume());
        var home = cluster.Live("web")[0].Node;
        Replace(cluster, 1);
        cluster.Run(TimeSpan.FromMinutes(1));
        Assert.Equal((home, 2), (cluster.Live("web")[0].Node, cluster.Live("web")[0].Id.Generation));
    }

    [Fact]
    public void Another_leader_goes_on_with_it()
    {
        var cluster = Running(Specs.Web(3));
        Replace(cluster, 1, 2, 3);
        cluster.Run(TimeSpan.FromSeconds(1));
        cluster.ChangeLeader();
        cluster.Run(TimeSpan.FromMinutes(2));
        Assert.Equal([2, 2, 2], cluster.Live("web").Select(record => record.Id.Generation));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void What_is_gone_is_left_out_and_nothing_begins_for_it()
    {
        var cluster = Running(Specs.Web(1));
        var accepted = Assert.IsType<MutationResult.Accepted>(Replace(cluster, 7));
        Assert.Empty(accepted.Outcomes);
        Assert.Equal(1, cluster.Service("web").Rollout.Number);
    }

    private static ModelCluster Running(ServiceSpec spec)
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(spec);
        cluster.Run(TimeSpan.FromMinutes(1));
        return cluster;
    }

    private static MutationResult Replace(ModelCluster cluster, params int[] slots) => cluster.Ask((n, origin) =>
        new ClusterEvent.ReplaceAllocations(n, origin, [.. slots.Select(slot => new AllocationId(new ServiceId(1), slot, 1))]));
}
