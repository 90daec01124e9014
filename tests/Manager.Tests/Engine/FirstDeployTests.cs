// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

public sealed class FirstDeployTests
{
    [Fact]
    public void Apply_resolves_places_and_succeeds()
    {
        var cluster = new ModelCluster().Up();
        var reply = Assert.IsType<MutationResult.Accepted>(cluster.Apply(Specs.Web(3)));
        Assert.Equal(ServiceChangeKind.Created, reply.Outcomes[0].Change);
        cluster.Run(TimeSpan.FromSeconds(6));

        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.Equal(3, cluster.Available("web"));
        Assert.Equal(3, cluster.Live("web").Select(record => record.Node).Distinct().Count());
        Assert.StartsWith("registry.test:5000/web@sha256:", cluster.State.Revisions[new ServiceId(1)][1].Image!.Pinned,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_dead_nodes_replica_is_replaced_at_once_and_marked_lost_with_it()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(3));
        cluster.Run(TimeSpan.FromSeconds(6));
        cluster.Kill(2);
        cluster.Run(TimeSpan.FromSeconds(1));

        Assert.Equal(3, cluster.Available("web"));
        Assert.DoesNotContain(cluster.Live("web"), record => record.Node == ModelCluster.Id(2));
        var lost = cluster.State.Allocations[new ServiceId(1)].BySlot.Values.SelectMany(r => r).Single(record =>
            record.Ended == AllocationState.Lost);
        Assert.Equal(ModelCluster.Id(2), lost.Node);
    }

    [Fact]
    public void Nothing_to_do_yields_no_changes()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(3));
        cluster.Run(TimeSpan.FromSeconds(10));
        cluster.Changes.Clear();
        cluster.Send(new ClusterEvent.Tick());
        cluster.Run(TimeSpan.FromHours(2));
        Assert.Empty(cluster.Changes);
    }
}
