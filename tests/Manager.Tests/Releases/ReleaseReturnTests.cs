// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Releases;

/// <summary>The failure of one service brings the whole release back, whoever leads.</summary>
public sealed class ReleaseReturnTests
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    [Fact]
    public void The_third_of_four_fails_and_the_first_two_return_and_the_fourth_is_never_touched()
    {
        var cluster = Chain();
        Fails(cluster, "c");
        cluster.Deploy(ChainOf(2));
        cluster.Run(120);
        var release = cluster.Release();
        Assert.Equal((ReleaseState.RolledBack, "c", 2), (release.State, release.Failed, release.Number));
        Assert.All(Names, name => Assert.Equal(Stacks.Image(name, 1), cluster.Runs(name)));
        Assert.All(Names, name => Assert.Equal(2, cluster.Available($"shop/{name}")));
        Assert.Equal(1, cluster.Service("shop/d").Rollout.Number);
        Assert.Equal(ReleaseMemberState.Waiting, release.Members["d"].State);
        Assert.Equal([ReleaseMemberState.Returned, ReleaseMemberState.Returned, ReleaseMemberState.Returned],
            Names.Take(3).Select(name => release.Members[name].State));
    }

    [Fact]
    public void Another_leader_at_any_moment_brings_it_to_the_same_end()
    {
        for (var step = 0; step < 40; step++)
        {
            var cluster = Chain();
            Fails(cluster, "c");
            cluster.Deploy(ChainOf(2));
            cluster.Run(step * 0.75);
            cluster.ChangeLeader();
            cluster.Run(180);
            Assert.True(cluster.Release().State == ReleaseState.RolledBack, $"step {step}: {cluster.Release()}");
            Assert.All(Names, name => Assert.Equal(Stacks.Image(name, 1), cluster.Runs(name)));
        }
    }

    [Fact]
    public void Those_under_way_turn_round_at_once()
    {
        var cluster = All(1);
        cluster.Images[Stacks.Image("a", 2)] = ImageBehaviour.InvalidConfiguration;
        cluster.Images[Stacks.Image("b", 2)] = ImageBehaviour.NeverStarts;
        cluster.Deploy([.. Names.Select(name => Stacks.Of(name, 2))]);
        cluster.Run(30);
        Assert.Equal(ReleaseState.RolledBack, cluster.Release().State);
        var rollout = cluster.Service("shop/b").Rollout;
        Assert.Equal((2, RolloutState.RolledBack, ReasonCode.ReleaseReturned), (rollout.Number, rollout.State, rollout.Reason!.Code));
        Assert.All(Names, name => Assert.Equal(Stacks.Image(name, 1), cluster.Runs(name)));
    }

    [Fact]
    public void What_the_release_made_goes_again_and_numbers_of_replicas_return()
    {
        var cluster = All(1);
        Fails(cluster, "new");
        cluster.Deploy(Stacks.Of("a", 1, 5), Stacks.Of("b", 2), Stacks.Of("new").After("a").After("b"), Stacks.Of("e"));
        cluster.Run(60);
        Assert.Equal((ReleaseState.RolledBack, "new"), (cluster.Release().State, cluster.Release().Failed));
        Assert.Equal(Names, cluster.State.Services.Values.Select(service => service.Name.Name).Order());
        Assert.Equal(2, cluster.Live("shop/a").Count);
    }

    [Fact]
    public void A_first_release_has_nothing_to_go_back_to_and_stays()
    {
        var cluster = new ModelCluster().Up();
        Fails(cluster, "b");
        cluster.Deploy(Stacks.Of("a"), Stacks.Of("b", 2));
        cluster.Run(60);
        Assert.Equal((ReleaseState.Failed, "b"), (cluster.Release().State, cluster.Release().Failed));
        Assert.Equal(2, cluster.Available("shop/a"));
    }

    [Fact]
    public void Where_the_operator_wants_so_the_others_stay()
    {
        var cluster = All(1);
        Fails(cluster, "c");
        cluster.Ask((n, origin) => new ClusterEvent.DeployStack(
            n, origin, "shop", [.. Names.Select(name => SpecHasher.Accept(Stacks.Of(name, 2)))], false) { Keeps = true });
        cluster.Run(60);
        Assert.Equal((ReleaseState.Failed, "c"), (cluster.Release().State, cluster.Release().Failed));
        Assert.Equal([2, 2, 1, 2], Names.Select(name => cluster.Runs(name)[^1] - '0'));
    }

    [Fact]
    public void A_newer_release_takes_over_and_goes_back_to_what_stood_before_both()
    {
        var cluster = Chain();
        cluster.Deploy(ChainOf(2));
        cluster.Run(15);
        Assert.Equal((ReleaseState.Applying, Stacks.Image("a", 2)), (cluster.Release().State, cluster.Runs("a")));
        cluster.Images[Stacks.Image("b", 3)] = ImageBehaviour.Crashes;
        cluster.Deploy([Stacks.Of("a", 2), Stacks.Of("b", 3).After("a"), Stacks.Of("c").After("b"), Stacks.Of("d").After("c")]);
        Assert.Equal(ReleaseState.Superseded, cluster.State.History["shop"][2].State);
        cluster.Run(120);
        Assert.Equal(ReleaseState.RolledBack, cluster.Release().State);
        Assert.All(Names, name => Assert.Equal(Stacks.Image(name, 1), cluster.Runs(name)));
    }

    [Fact]
    public void What_somebody_changed_meanwhile_is_left_alone()
    {
        var cluster = Chain();
        Fails(cluster, "c");
        cluster.Deploy(ChainOf(2));
        cluster.Run(12);
        Assert.Equal(RolloutState.Succeeded, cluster.Service("shop/a").Rollout.State);
        cluster.Apply(Stacks.Of("a", 7));
        cluster.Run(120);
        Assert.Equal(ReleaseState.RolledBack, cluster.Release().State);
        Assert.Equal(ReleaseMemberState.Taken, cluster.Release().Members["a"].State);
        Assert.Equal((Stacks.Image("a", 7), Stacks.Image("b", 1)), (cluster.Runs("a"), cluster.Runs("b")));
    }

    [Fact]
    public void A_way_back_that_fails_is_told()
    {
        var cluster = new ModelCluster().Up();
        ServiceSpec[] Of(int version) =>
        [
            Stacks.Of("a", version) with { ProgressDeadline = TimeSpan.FromSeconds(20) }, Stacks.Of("b", version).After("a"),
        ];
        cluster.Deploy(Of(1));
        cluster.Run(30);
        Fails(cluster, "b");
        cluster.Deploy(Of(2));
        cluster.Run(12);
        cluster.Images[Stacks.Image("a", 1)] = ImageBehaviour.NeverStarts;
        cluster.Run(120);
        var release = cluster.Release();
        Assert.Equal((ReleaseState.RollbackFailed, "b"), (release.State, release.Failed));
        Assert.StartsWith("a: ", release.RollbackReason!.Text, StringComparison.Ordinal);
    }

    private static void Fails(ModelCluster cluster, string name)
    {
        foreach (var version in new[] { 1, 2 })
            if (cluster.State.Services.IsEmpty || version == 2 || name == "new")
                cluster.Images[Stacks.Image(name, version)] = ImageBehaviour.Crashes;
    }

    private static ServiceSpec[] ChainOf(int version) =>
    [
        Stacks.Of("a", version), Stacks.Of("b", version).After("a"), Stacks.Of("c", version).After("b"),
        Stacks.Of("d", version).After("c"),
    ];

    private static ModelCluster Chain()
    {
        var cluster = new ModelCluster().Up();
        cluster.Deploy(ChainOf(1));
        cluster.Run(60);
        Assert.Equal(ReleaseState.Succeeded, cluster.Release().State);
        return cluster;
    }

    private static ModelCluster All(int version)
    {
        var cluster = new ModelCluster().Up();
        cluster.Deploy([.. Names.Select(name => Stacks.Of(name, version))]);
        cluster.Run(30);
        Assert.Equal(ReleaseState.Succeeded, cluster.Release().State);
        return cluster;
    }
}
