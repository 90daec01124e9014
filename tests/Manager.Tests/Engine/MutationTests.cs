// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

public sealed class MutationTests
{
    [Fact]
    public void The_same_request_again_is_answered_and_changes_nothing_also_under_a_new_leader()
    {
        var cluster = new ModelCluster().Up();
        var apply = SpecHasher.Accept(Specs.Web());
        var first = Accepted(cluster.Ask((n, origin) =>
            new ClusterEvent.ApplyService(n, origin, apply, ApplyExpectation.Any, 0, true), "same"));
        cluster.ChangeLeader();
        cluster.Run(TimeSpan.FromSeconds(2));
        var second = Accepted(cluster.Ask((n, origin) =>
            new ClusterEvent.ApplyService(n, origin, apply, ApplyExpectation.Any, 0, true), "same"));
        Assert.Equal(first.Outcomes.AsEnumerable(), second.Outcomes);
        Assert.Equal(1, cluster.Service("web").Revision);
        Assert.Equal(RefusalKind.Conflict, Refused(cluster.Ask((n, o) => new ClusterEvent.ConfirmLoss(n, o), "same", "other")).Kind);
    }

    [Fact]
    public void Unknown_names_are_refused_with_the_nearest_ones()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web());
        var refused = Refused(cluster.Scale("wbe", 2));
        Assert.Equal(RefusalKind.NotFound, refused.Kind);
        Assert.Equal(["web"], refused.Candidates.AsEnumerable());
        Assert.Equal(RefusalKind.NotFound, Refused(cluster.SetAvailability("h9", NodeAvailability.Paused)).Kind);
    }

    [Fact]
    public void A_name_that_another_stacks_service_has_in_discovery_is_refused()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(name: "shop/web"));
        var refused = Refused(cluster.Apply(Specs.Web(name: "shop-web")));
        Assert.Equal(RefusalKind.Conflict, refused.Kind);
        Assert.Contains("shop/web", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Expectations_hold()
    {
        var cluster = new ModelCluster().Up();
        Assert.Equal(RefusalKind.NotFound, Refused(cluster.Apply(Specs.Web(), expect: ApplyExpectation.Revision, revision: 1)).Kind);
        Accepted(cluster.Apply(Specs.Web(), expect: ApplyExpectation.Absent));
        Assert.Equal(RefusalKind.Conflict, Refused(cluster.Apply(Specs.Web(), expect: ApplyExpectation.Absent)).Kind);
        Assert.Equal(RefusalKind.Conflict, Refused(cluster.Apply(Specs.Web(4), expect: ApplyExpectation.Revision, revision: 7)).Kind);
        Accepted(cluster.Apply(Specs.Web(4), expect: ApplyExpectation.Revision, revision: 1));
    }

    [Fact]
    public void A_stack_with_a_clash_is_refused_whole_with_all_errors()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(name: "a-x"));
        cluster.Apply(Specs.Web(name: "a-y"));
        var version = cluster.State.Version;
        var refused = Refused(Deploy(cluster, "a", "a/x", "a/y", "a/z"));
        Assert.Contains("a/x", refused.Text, StringComparison.Ordinal);
        Assert.Contains("a/y", refused.Text, StringComparison.Ordinal);
        Assert.Equal(version, cluster.State.Version);
    }

    [Fact]
    public void Prune_removes_what_is_no_longer_in_the_stack_and_removing_the_stack_all()
    {
        var cluster = new ModelCluster().Up();
        Accepted(Deploy(cluster, "shop", "shop/a", "shop/b"));
        cluster.Run(TimeSpan.FromSeconds(8));
        var reply = Accepted(Deploy(cluster, "shop", "shop/a"));
        Assert.Equal([ServiceChangeKind.Unchanged, ServiceChangeKind.Removed], reply.Outcomes.Select(outcome => outcome.Change));
        cluster.Run(TimeSpan.FromSeconds(8));
        Assert.Equal(["shop/a"], cluster.State.Services.Values.Select(service => service.Name.Display));
        Assert.Equal(2, cluster.State.Releases["shop"].Number);
        Accepted(cluster.Ask((n, origin) => new ClusterEvent.RemoveStack(n, origin, "shop")));
        cluster.Run(TimeSpan.FromSeconds(8));
        Assert.Empty(cluster.State.Services);
        Assert.Empty(cluster.State.Releases);
        Assert.Equal(RefusalKind.NotFound, Refused(cluster.Ask((n, origin) => new ClusterEvent.RemoveStack(n, origin, "shop"))).Kind);
    }

    [Fact]
    public void A_service_cannot_come_back_while_it_goes_and_can_afterwards()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web());
        cluster.Run(TimeSpan.FromSeconds(8));
        Accepted(cluster.Remove("web"));
        Assert.Equal(RefusalKind.Conflict, Refused(cluster.Apply(Specs.Web())).Kind);
        cluster.Run(TimeSpan.FromSeconds(3));
        Accepted(cluster.Apply(Specs.Web()));
        Assert.Equal(new ServiceId(2), cluster.Service("web").Id);
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("expired")]
    [InlineData("used up")]
    [InlineData("wrong")]
    [InlineData("not for managers")]
    public void A_join_needs_a_good_token(string fault)
    {
        var cluster = new ModelCluster().Up();
        CreateToken(cluster, uses: fault == "used up" ? 0 : 2);
        if (fault == "revoked") Accepted(cluster.Ask((n, origin) => new ClusterEvent.RevokeToken(n, origin, "tok")));
        if (fault == "expired") cluster.Run(TimeSpan.FromHours(2));
        byte[] secret = fault == "wrong" ? [9, 9] : [1, 2];
        var refused = Refused(Join(cluster, 7, "h7", "j", secret, fault == "not for managers"));
        Assert.Equal(RefusalKind.NotPermitted, refused.Kind);
        Assert.Contains(fault, refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_join_counts_the_token_once_and_refuses_a_taken_name()
    {
        var cluster = new ModelCluster().Up();
        CreateToken(cluster, uses: 2);
        Accepted(Join(cluster, 7, "h7", "j1", [1, 2]));
        Accepted(Join(cluster, 7, "h7", "j1", [1, 2]));
        Assert.Equal(1, cluster.State.Tokens["token-1"].UsesLeft);
        Assert.Equal(4, cluster.State.Nodes[ModelCluster.Id(7)].Ordinal);
        Assert.Equal(RefusalKind.Conflict, Refused(Join(cluster, 8, "h7", "j2", [1, 2])).Kind);
        Assert.Equal(1, cluster.State.Tokens["token-1"].UsesLeft);
    }

    [Fact]
    public void A_join_does_not_pull_the_brake()
    {
        var cluster = new ModelCluster(1).Up();
        CreateToken(cluster, uses: 9);
        for (var i = 5; i < 9; i++) Accepted(Join(cluster, i, $"h{i}", $"j{i}", [1, 2]));
        cluster.ObserveSerf();
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.Null(cluster.State.BrakeSince);
        Assert.Equal(NodeState.Unknown, cluster.State.NodeObservations[ModelCluster.Id(5)].State);
    }

    private static void CreateToken(ModelCluster cluster, int uses) =>
        Accepted(cluster.Ask((n, origin) => new ClusterEvent.CreateToken(n, origin, new TokenRecord
    {
        Id = "token-1", SecretHash = new byte[] { 1, 2 }, IsManager = false, ExpiresAt = cluster.Now.AddHours(1), UsesLeft = uses,
            CreatedBy = "olga", CreatedAt = cluster.Now,
    })));

    private static MutationResult Join(ModelCluster cluster, int id, string name, string request, byte[] secret, bool manager = false) =>
        cluster.Ask((n, origin) => new ClusterEvent.JoinNode(n, origin, "token-1", secret, ModelCluster.NodeNumber(id)
            with { Name = name, IsManager = manager, Facts = null }), request);

    private static MutationResult Deploy(ModelCluster cluster, string stack, params string[] names) =>
        cluster.Ask((n, origin) =>
            new ClusterEvent.DeployStack(n, origin, stack, [.. names.Select(name => SpecHasher.Accept(Specs.Web(1, name: name)))], true));

    private static MutationResult.Accepted Accepted(MutationResult result) => Assert.IsType<MutationResult.Accepted>(result);

    private static MutationResult.Refused Refused(MutationResult result) => Assert.IsType<MutationResult.Refused>(result);
}
