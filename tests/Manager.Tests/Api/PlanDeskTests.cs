// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Api;
using ClusterManager.Manager.Api.Projection;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using ClusterManager.Wire;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Api;

/// <summary>Plans as the API gives them and takes them back.</summary>
public sealed class PlanDeskTests : IDisposable
{
    private readonly ModelCluster _cluster = new ModelCluster().Up();
    private readonly PlanDesk _desk = new(new VirtualTime());

    public PlanDeskTests()
    {
        _cluster.Apply(Specs.Web());
        _cluster.Run(TimeSpan.FromMinutes(1));
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task A_plan_goes_over_the_wire_whole_and_binds_the_change()
    {
        var (plan, state) = await _desk.PlanAsync(() => _cluster.State, Deploy("registry.test:5000/web:2"), CancellationToken.None);
        var wire = PlanProjection.Plan(state, plan);
        var web = Assert.Single(wire.Services);
        Assert.Equal((3, 3, 1, 2), (web.Before.Replicas, web.After.Replicas, web.FromRevision, web.ToRevision));
        Assert.Equal(6, web.Actions.Count);
        Assert.Equal(("web.1", "h1"), (web.Actions[1].Name, web.Actions[1].NodeName));
        Assert.Equal("start-first", web.Order);
        var make = await CheckedAsync(wire.Id, "registry.test:5000/web:2");
        Assert.Equal(plan.Base.Services.ToList(), make(7, Origin("r")).Base!.Services.ToList());
        Assert.Null((await CheckedAsync("", "registry.test:5000/web:2"))(7, Origin("r")).Base);
    }

    [Fact]
    public async Task What_moved_is_a_conflict_and_what_is_no_id_is_invalid()
    {
        var (plan, _) = await _desk.PlanAsync(() => _cluster.State, Deploy("registry.test:5000/web:2"), CancellationToken.None);
        var other = await Assert.ThrowsAsync<RpcException>(() => CheckedAsync(plan.Id.ToString(), "registry.test:5000/web:3"));
        Assert.Equal(StatusCode.FailedPrecondition, other.StatusCode);
        _cluster.Scale("web", 2);
        var moved = await Assert.ThrowsAsync<RpcException>(() => CheckedAsync(plan.Id.ToString(), "registry.test:5000/web:2"));
        Assert.Equal(StatusCode.FailedPrecondition, moved.StatusCode);
        Assert.Contains("the state has moved since the plan", moved.Status.Detail, StringComparison.Ordinal);
        var wrong = await Assert.ThrowsAsync<RpcException>(() => CheckedAsync("p1-what", "registry.test:5000/web:2"));
        Assert.Equal(StatusCode.InvalidArgument, wrong.StatusCode);
    }

    /// <summary>The first try was carried out and its answer lost: the plan no longer fits, and the retry is no second change.</summary>
    [Fact]
    public async Task A_retry_of_what_was_carried_out_is_not_refused()
    {
        var (plan, _) = await _desk.PlanAsync(() => _cluster.State, Deploy("registry.test:5000/web:2"), CancellationToken.None);
        var make = await CheckedAsync(plan.Id.ToString(), "registry.test:5000/web:2", "retried");
        var first = _cluster.Ask((ticket, origin) => make(ticket, origin), "retried");
        var again = await CheckedAsync(plan.Id.ToString(), "registry.test:5000/web:2", "retried");
        var second = _cluster.Ask((ticket, origin) => again(ticket, origin), "retried");
        Assert.Equal(Assert.IsType<MutationResult.Accepted>(first).Outcomes, Assert.IsType<MutationResult.Accepted>(second).Outcomes);
        Assert.Equal(2, _cluster.Service("web").Rollout.Number);
    }

    [Fact]
    public async Task A_leader_that_has_just_begun_does_not_plan()
    {
        var begun = States.Empty();
        var error = await Assert.ThrowsAsync<RpcException>(
            () => _desk.PlanAsync(() => begun, Deploy("registry.test:5000/web:2"), CancellationToken.None));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    [Fact]
    public void A_request_without_a_change_is_invalid() =>
        Assert.Equal(StatusCode.InvalidArgument,
            Assert.Throws<RpcException>(() => ChangeRequests.Of(new V1.PlanRequest(), States.Empty())).StatusCode);

    private Task<ChangeRequests.Make> CheckedAsync(string plan, string image, string request = "r") =>
        _desk.CheckedAsync(() => _cluster.State, plan, Origin(request), Deploy(image), CancellationToken.None);

    private static MutationOrigin Origin(string request) => new(request, "olga", "m");

    private static ChangeRequests.Make Deploy(string image)
    {
        var request = new V1.DeployRequest { Stack = "default" };
        request.Services.Add(Specs.Web(image: image).ToWire());
        return ChangeRequests.Of(request, States.Empty());
    }
}
