// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Api.Projection;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Recovery;

/// <summary>What runs and is unknown to a restored or rebuilt state.</summary>
public sealed class StrayTests
{
    private readonly ServiceSpec web = Specs.Web(2);

    [Fact]
    public void An_unknown_service_is_shown_with_its_command_and_nothing_is_done_to_it()
    {
        var cluster = new RestoredCluster(2);
        cluster.Confirm(1, RestoredCluster.Held(web, 7, 1, 3));
        cluster.Confirm(2, RestoredCluster.Held(web, 7, 2, 1));
        cluster.Pass(TimeSpan.FromMinutes(5));

        Assert.Empty(cluster.State.Services);
        Assert.Empty(Strays.SupersededOn(cluster.State, ModelCluster.Id(1)));
        var problem = Assert.Single(StatusProjection.Status(cluster.State, LeaderInfo.None, cluster.Now).Problems);
        Assert.Equal((int)ReasonCode.UnknownToState, problem.Reason.Code);
        Assert.Equal("cluster recover adopt web", problem.Command);
        Assert.Contains("2 replicas run on h1, h2", problem.Reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Adopted_it_has_the_same_ids_and_counts_as_running_and_nothing_new_is_placed()
    {
        var cluster = new RestoredCluster(2);
        cluster.Confirm(1, RestoredCluster.Held(web, 7, 1, 3));
        cluster.Confirm(2, RestoredCluster.Held(web, 7, 2, 1));
        Assert.IsType<MutationResult.Accepted>(cluster.Adopt("web"));
        cluster.Pass(TimeSpan.FromMinutes(5));

        Assert.Equal(["7-1-3", "7-2-1"], cluster.Live(7).Select(record => record.Id.ToString()));
        Assert.All(cluster.Live(7), record => Assert.True(cluster.State.IsAvailable(record)));
        var service = cluster.State.Services[new ServiceId(7)];
        Assert.Equal((2, RolloutState.Succeeded), (service.Replicas, service.Rollout.State));
        Assert.Empty(StrayProjection.List(cluster.State).Services);
        Assert.True(StatusProjection.Status(cluster.State, LeaderInfo.None, cluster.Now).Healthy);
    }

    [Fact]
    public void More_slots_than_the_spec_says_are_all_kept()
    {
        var cluster = new RestoredCluster(1);
        cluster.Confirm(1, [.. Enumerable.Range(1, 5).Select(slot => RestoredCluster.Held(web, 7, slot, 1))]);
        Assert.IsType<MutationResult.Accepted>(cluster.Adopt("web"));
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(5, cluster.Live(7).Count(record => record.IsWanted));
    }

    [Fact]
    public void A_newer_generation_of_a_known_service_is_taken_up_by_itself_and_the_older_one_is_not_started()
    {
        var newer = web.With("registry.test:5000/web:2");
        var cluster = new RestoredCluster(2, WithWeb);
        cluster.Confirm(1, RestoredCluster.Held(newer, 1, 1, 2, revision: 2));
        cluster.Confirm(2, RestoredCluster.Held(newer, 1, 2, 2, revision: 2));
        cluster.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(["1-1-2", "1-2-2"], cluster.Live(1).Where(record => record.IsWanted).Select(record => record.Id.ToString()));
        Assert.Equal(2, cluster.State.Services[new ServiceId(1)].Revision);
    }

    [Fact]
    public void What_the_state_has_replaced_since_is_named_for_removal()
    {
        var cluster = new RestoredCluster(2, state => WithWeb(state).Holding(
            new ServiceId(1), States.Allocation(1, 1, generation: 9), States.Allocation(2, 1)));
        cluster.Confirm(2, RestoredCluster.Held(web, 1, 1, 4));
        Assert.Equal(["1-1-4"], Strays.SupersededOn(cluster.State, ModelCluster.Id(2)).Select(id => id.ToString()));
        Assert.Empty(StrayProjection.List(cluster.State).Services);
    }

    [Fact]
    public void A_name_that_the_state_gave_to_another_service_is_refused_with_its_holder()
    {
        var cluster = new RestoredCluster(2, WithWeb);
        cluster.Confirm(1);
        cluster.Confirm(2, RestoredCluster.Held(web, 7, 1, 1));
        var refused = Assert.IsType<MutationResult.Refused>(cluster.Adopt("web"));
        Assert.Contains("held by service web", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_global_service_gives_its_node_the_ordinal_back()
    {
        var global = web with { Mode = ServiceMode.Global, Replicas = null };
        var cluster = new RestoredCluster(1, state => state with
        {
            Nodes = state.Nodes.SetItem(ModelCluster.Id(1), state.Nodes[ModelCluster.Id(1)] with { Ordinal = 1001 }),
        });
        cluster.Confirm(1, RestoredCluster.Held(global, 7, 4, 2));
        Assert.IsType<MutationResult.Accepted>(cluster.Adopt("web"));
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["7-4-2"], cluster.Live(7).Select(record => record.Id.ToString()));
        Assert.Equal(4, cluster.State.Nodes[ModelCluster.Id(1)].Ordinal);
    }

    [Fact]
    public void In_the_first_life_nothing_that_a_node_claims_is_believed()
    {
        var state = States.Empty(1);
        var connected = new ClusterEvent.NodeConnected(ModelCluster.Id(1), 1, ModelCluster.NodeNumber(1).Facts!, true, [])
        {
            Held = [RestoredCluster.Held(web, 7, 1, 1)],
        };
        var after = ClusterEngine.Step(state, [connected], ModelCluster.Epoch).State;
        Assert.Empty(after.NodeObservations[ModelCluster.Id(1)].Strays);
    }

    private ClusterState WithWeb(ClusterState state) =>
        (state with { NextServiceId = 1 }).With(web, States.Allocation(1, 1), States.Allocation(2, 2)) with { NextServiceId = 1_000_001 };
}
