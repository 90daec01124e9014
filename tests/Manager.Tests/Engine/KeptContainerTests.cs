// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>The container of the allocation that failed an update stays for its last words, and counts for nothing.</summary>
public sealed class KeptContainerTests
{
    private const string Web2 = "registry.test:5000/web:2";

    [Theory]
    [InlineData(ImageBehaviour.Crashes)]
    [InlineData(ImageBehaviour.FailsForGood)]
    [InlineData(ImageBehaviour.Unhealthy)]
    public void The_failed_one_stays_for_ten_minutes(ImageBehaviour behaviour)
    {
        var cluster = FailedUpdate(Specs.Web(3), behaviour);
        var kept = Kept(cluster);
        Assert.Equal(cluster.Service("web").Rollout.Failed, kept.Id);
        Assert.Contains(kept.Id, cluster.State.LiveByNode[kept.Node]);
        Assert.Equal(3, cluster.Available("web"));

        cluster.Run(TimeSpan.FromMinutes(9));
        Assert.Equal(kept.Id, Kept(cluster).Id);
        cluster.Run(TimeSpan.FromMinutes(2));
        Assert.Empty(AllKept(cluster));
        Assert.DoesNotContain(kept.Id, cluster.State.LiveByNode[kept.Node]);
        Assert.NotNull(cluster.State.Find(kept.Id)!.Ended);
    }

    [Fact]
    public void It_goes_with_the_next_rollout()
    {
        var cluster = FailedUpdate(Specs.Web(2), ImageBehaviour.Crashes);
        cluster.Scale("web", 3);
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Empty(AllKept(cluster));
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(3, cluster.Available("web"));
    }

    [Fact]
    public void It_goes_with_the_service()
    {
        var cluster = FailedUpdate(Specs.Web(2), ImageBehaviour.FailsForGood);
        cluster.Remove("web");
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.Empty(cluster.State.Services);
        Assert.Empty(cluster.State.LiveByNode);
    }

    [Fact]
    public void It_takes_no_room_no_port_and_no_slot()
    {
        var spec = Specs.Web(1).Reserving(6L << 30).WithFixedPort();
        var cluster = FailedUpdate(spec, ImageBehaviour.Crashes, nodes: 1);
        Assert.Equal(1, cluster.Available("web"));
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.NotNull(Kept(cluster));
        Assert.Equal(1, Assert.Single(cluster.Live("web")).Revision);
        cluster.Apply(Specs.Web(1, name: "other").Reserving(2L << 30));
        cluster.Run(TimeSpan.FromSeconds(8));
        Assert.Equal(1, cluster.Available("other"));
    }

    [Fact]
    public void A_new_leader_keeps_it_for_the_rest_of_its_time()
    {
        var cluster = FailedUpdate(Specs.Web(2), ImageBehaviour.Crashes);
        var kept = Kept(cluster);
        cluster.Run(TimeSpan.FromMinutes(5));
        cluster.ChangeLeader();
        cluster.Run(TimeSpan.FromMinutes(4));
        Assert.Equal(kept.Id, Kept(cluster).Id);
        cluster.Run(TimeSpan.FromMinutes(2));
        Assert.Empty(AllKept(cluster));
    }

    [Fact]
    public void On_a_node_that_is_lost_it_holds_nothing_back()
    {
        var cluster = FailedUpdate(Specs.Web(2).WithVolume(), ImageBehaviour.Crashes);
        var node = Kept(cluster).Node;
        cluster.Kill((int)node.Value);
        cluster.Run(TimeSpan.FromMinutes(11));
        cluster.Revive((int)node.Value);
        cluster.Run(TimeSpan.FromSeconds(20));
        Assert.Empty(AllKept(cluster));
        Assert.Equal(2, cluster.Available("web"));
        Assert.Equal(2, cluster.State.LiveByNode.Values.Sum(live => live.Count));
    }

    [Fact]
    public void One_that_serves_beside_a_dead_predecessor_goes_only_when_the_predecessor_serves_again()
    {
        var cluster = new ModelCluster(2).Up();
        cluster.Apply(Specs.Web(1));
        cluster.Run(TimeSpan.FromSeconds(10));
        var old = Assert.Single(cluster.Live("web"));
        cluster.Images[Web2] = ImageBehaviour.ServesBetweenCrashes;
        cluster.Apply(Specs.Web(1).With(Web2));
        Report(cluster, old, HealthState.Unhealthy);
        cluster.Run(TimeSpan.FromSeconds(10));
        var rollout = cluster.Service("web").Rollout;
        Assert.True(rollout is { State: RolloutState.Running, IsGoingBack: true }, $"{rollout}");
        Assert.NotNull(rollout.Failed);
        Assert.Contains(cluster.Live("web"), record => record.Id == rollout.Failed && record.IsWanted);
        Assert.Equal(1, cluster.Available("web"));

        Report(cluster, old, HealthState.Healthy);
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(old.Id, Assert.Single(cluster.Live("web")).Id);
    }

    [Fact]
    public void One_that_serves_beside_its_predecessor_goes_with_the_verdict()
    {
        var cluster = FailedUpdate(Specs.Web(1), ImageBehaviour.ServesBetweenCrashes);
        Assert.Equal(1, Assert.Single(cluster.Live("web")).Revision);
        Assert.Equal(1, cluster.Available("web"));
    }

    private static void Report(ModelCluster cluster, AllocationRecord record, HealthState health)
    {
        var seen = new AllocationObservation { State = AllocationState.Running, Health = health, ChangedAt = cluster.Now };
        var session = cluster.Agents[record.Node].Session;
        cluster.Send(new ClusterEvent.AgentReported(record.Node, session, true, null, [new AllocationReport(record.Id, seen)]));
    }

    private static AllocationRecord Kept(ModelCluster cluster) => Assert.Single(AllKept(cluster));

    private static IEnumerable<AllocationRecord> AllKept(ModelCluster cluster) =>
        cluster.State.Allocations.Values.SelectMany(map => map.BySlot.Values).SelectMany(records => records).Where(cluster.State.IsKept);

    private static ModelCluster FailedUpdate(ServiceSpec spec, ImageBehaviour behaviour, int nodes = 3)
    {
        var cluster = new ModelCluster(nodes).Up();
        cluster.Apply(spec);
        cluster.Run(TimeSpan.FromSeconds(10));
        cluster.Images[Web2] = behaviour;
        cluster.Apply(spec.With(Web2));
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.RolledBack, cluster.Service("web").Rollout.State);
        return cluster;
    }
}
