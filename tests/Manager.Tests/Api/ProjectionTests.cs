// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Api;
using ClusterManager.Manager.Api.Projection;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Api;

/// <summary>What callers see of states made by hand.</summary>
public sealed class ProjectionTests
{
    private static readonly DateTimeOffset Now = ModelCluster.Epoch.AddMinutes(1);
    private static readonly LeaderInfo Leader = new(true, ModelCluster.Id(1).ToString(), "h1", "192.0.2.1:7443", 10);

    private static readonly ClusterState Healthy =
        Ready(States.Empty().With(Specs.Web(2), States.Allocation(1, 1), States.Allocation(2, 2)));

    [Fact]
    public void All_is_well_in_one_line()
    {
        var status = StatusProjection.Status(Healthy, Leader, Now);
        Assert.True(status.Healthy, status.Summary);
        Assert.Equal("all is well: 2/2 nodes ready, 1/1 services ok, 2/2 replicas running, leader h1", status.Summary);
    }

    [Fact]
    public void What_is_not_well_is_named_with_the_next_command()
    {
        var state = Healthy with
        {
            NodeObservations =
                Healthy.NodeObservations.SetItem(ModelCluster.Id(2), new NodeObservation { State = NodeState.Down, StateSince = Now }),
            BrakeSince = Now,
        };
        var status = StatusProjection.Status(state, Leader, Now);
        Assert.False(status.Healthy);
        Assert.Equal(
            [("cluster", "cluster node confirm-loss"), ("node h2", "cluster node inspect h2"), ("service web", "cluster explain web")],
            status.Problems.Select(problem => (problem.Object, problem.Command)));
        Assert.StartsWith("3 problems: 1/2 nodes ready, 0/1 services ok, 1/2 replicas running", status.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_runs_is_healthy_and_wanted_on_a_living_node_counts_as_running()
    {
        Assert.Equal(2, Running(Healthy));
        Assert.Equal(1, Running(Observe(Healthy, 1, AllocationState.Starting, HealthState.None)));
        Assert.Equal(1, Running(Observe(Healthy, 1, AllocationState.Running, HealthState.Unknown)));
        Assert.Equal(2, Running(Observe(Healthy, 1, AllocationState.Running, HealthState.Healthy)));
        Assert.Equal(1, Running(Healthy with { Observations = Healthy.Observations.Remove(States.Allocation(1, 1).Id) }));
        var stopping = Healthy.Holding(new ServiceId(1), States.Allocation(1, 1, DesiredState.Stop), States.Allocation(2, 2));
        Assert.Equal(1, Running(stopping));
        foreach (
            var (node, running) in new[] { (NodeState.AgentAway, 2), (NodeState.Down, 1), (NodeState.EngineDown, 1),
            (NodeState.Unknown, 2) })
            Assert.Equal(running, Running(At(Healthy, 1, node)));
    }

    [Fact]
    public void A_hook_has_its_own_name_and_counts_as_no_replica()
    {
        var hook = States.Allocation(1, 1) with { Id = new AllocationId(new ServiceId(1), HookSlot.PreDeploy, 1) };
        var state = Healthy.Holding(new ServiceId(1), States.Allocation(1, 1), States.Allocation(2, 2), hook);
        state = state with
        {
            Observations = state.Observations.SetItem(hook.Id, state.Observations[States.Allocation(1, 1).Id]),
        };
        Assert.Equal(2, Running(state));
        var status = ServiceProjection.Status(state, state.Services[new ServiceId(1)], withAllocations: true, Now);
        Assert.Equal(["web.1", "web.2", "web.pre_deploy"], status.Allocations.Select(one => one.Name));
        Assert.False(status.Allocations[2].Available);
    }

    [Fact]
    public void Services_are_found_by_name_and_the_missing_are_named()
    {
        var request = new V1.ListServicesRequest { WithAllocations = true };
        request.Names.Add(new ServiceName("default", "web").ToWire());
        request.Names.Add(new ServiceName("default", "wob").ToWire());
        var snapshot = ServiceProjection.Snapshot(Healthy, request, Now);
        Assert.Equal("wob", Assert.Single(snapshot.Missing).Name);
        var web = Assert.Single(snapshot.Services);
        Assert.Equal(["web.1", "web.2"], web.Allocations.Select(one => one.Name));
        Assert.Equal(["h1", "h2"], web.Allocations.Select(one => one.NodeName));
        Assert.Empty(ServiceProjection.Snapshot(Healthy, new V1.ListServicesRequest { Stack = "shop" }, Now).Services);
    }

    [Fact]
    public void A_rollout_says_what_it_waits_for_and_how_long_it_still_may()
    {
        var service = Healthy.Services[new ServiceId(1)] with { Rollout = States.Rollout(RolloutState.Running) };
        var state = Healthy with { Services = Healthy.Services.SetItem(service.Id, service) };
        Assert.Equal("watching", Status(state).Rollout.Phase);
        Assert.Equal(240_000, Status(state).Rollout.RemainingMs);
        Assert.Equal("pulling", Status(Observe(state, 1, AllocationState.Pulling, HealthState.None)).Rollout.Phase);
        Assert.Equal("starting", Status(Observe(state, 1, AllocationState.Creating, HealthState.None)).Rollout.Phase);
        var revision = state.Revisions[service.Id][1] with { Image = null };
        var unresolved = state.Revisions.SetItem(service.Id, state.Revisions[service.Id].SetItem(1, revision));
        Assert.Equal("resolving", Status(state with { Revisions = unresolved }).Rollout.Phase);
        Assert.Equal("", Status(Healthy).Rollout.Phase);
        Assert.Equal(0, Status(Healthy).Rollout.RemainingMs);
    }

    [Fact]
    public void A_gap_is_shown_with_every_nodes_reason()
    {
        var gap = new Unplaced
        {
            Count = 1, Reason = new Reason(ReasonCode.NoNodeFreeNow, "no node has room"), Since = Now,
            Nodes = [new NodeVerdict(ModelCluster.Id(1), new Reason(ReasonCode.NoMemory, "needs 1 GB, 512 MB are free"), 0, 1 << 29, -1)],
        };
        var shown = Assert.Single(Status(Healthy with { Gaps = Healthy.Gaps.SetItem(new ServiceId(1), gap) }).Unplaced);
        Assert.Equal((int)ReasonCode.NoNodeFreeNow, shown.Reason.Code);
        Assert.Equal("h1", Assert.Single(shown.Nodes).NodeName);
    }

    [Fact]
    public void Nodes_are_found_by_name_id_and_unique_prefix()
    {
        var first = ModelCluster.Id(1);
        Assert.Equal(first, NodeProjection.Find(Healthy, "h1")?.Id);
        Assert.Equal(first, NodeProjection.Find(Healthy, first.ToString())?.Id);
        Assert.Null(NodeProjection.Find(Healthy, "0000"));
        Assert.Null(NodeProjection.Find(Healthy, "h"));
        Assert.Null(NodeProjection.Find(Healthy, ""));
    }

    [Fact]
    public void A_node_counts_what_is_placed_and_reserved_on_it()
    {
        var spec = Specs.Web(1).Reserving(1 << 20);
        var state = Ready(States.Empty().With(spec, States.Allocation(1, 1)));
        var list = NodeProjection.List(state, Leader);
        Assert.Equal(["h1", "h2"], list.Nodes.Select(node => node.Name));
        Assert.Equal([1, 0], list.Nodes.Select(node => node.Allocations));
        Assert.Equal([1L << 20, 0], list.Nodes.Select(node => node.ReservedMemoryBytes));
        Assert.Equal([true, false], list.Nodes.Select(node => node.Leader));
        Assert.Single(NodeProjection.Detail(state, state.Nodes[ModelCluster.Id(1)], Leader, Now).Allocations);
    }

    [Fact]
    public void A_watcher_is_told_only_what_says_more_than_time()
    {
        var request = new V1.ListServicesRequest { WithAllocations = true };
        var first = ServiceProjection.Snapshot(Healthy, request, Now);
        Assert.True(WatchComparison.Same(first, ServiceProjection.Snapshot(Healthy.Next(), request, Now.AddMinutes(5))));
        var changed = Observe(Healthy, 1, AllocationState.Running, HealthState.Unhealthy);
        Assert.False(WatchComparison.Same(first, ServiceProjection.Snapshot(changed, request, Now)));
        var away = ServiceProjection.Snapshot(At(Healthy, 1, NodeState.Down), request, Now);
        Assert.False(WatchComparison.Same(first, away));
    }

    private static int Running(ClusterState state) => Status(state).Running;

    private static V1.ServiceStatus Status(ClusterState state) =>
        ServiceProjection.Status(state, state.Services[new ServiceId(1)], withAllocations: true, Now);

    private static ClusterState Ready(ClusterState state)
    {
        foreach (var node in state.Nodes.Keys) state = At(state, (int)node.Value, NodeState.Ready);
        foreach (var slot in state.Allocations[new ServiceId(1)].BySlot.Keys)
            state = Observe(state, slot, AllocationState.Running, HealthState.None);
        return state;
    }

    private static ClusterState At(ClusterState state, int node, NodeState seen) => state with
    {
        NodeObservations =
            state.NodeObservations.SetItem(ModelCluster.Id(node), new NodeObservation { State = seen, StateSince = ModelCluster.Epoch }),
    };

    private static ClusterState Observe(ClusterState state, int slot, AllocationState seen, HealthState health) => state with
    {
        Observations = state.Observations.SetItem(
            States.Allocation(slot, slot).Id, new AllocationObservation { State = seen, Health = health, ChangedAt = ModelCluster.Epoch }),
    };
}
