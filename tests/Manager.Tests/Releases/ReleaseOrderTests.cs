// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Releases;

/// <summary>In which order a release applies its services, and how long it waits.</summary>
public sealed class ReleaseOrderTests
{
    [Fact]
    public void Without_dependencies_all_are_applied_at_once()
    {
        var cluster = new ModelCluster().Up();
        cluster.Deploy(Stacks.Of("a"), Stacks.Of("b"), Stacks.Of("c"));
        Assert.Equal(3, cluster.State.Services.Count);
        cluster.Run(10);
        Assert.Equal(ReleaseState.Succeeded, cluster.Release().State);
        Assert.All(cluster.Release().Members.Values, member => Assert.StartsWith("sha256:", member.Digest, StringComparison.Ordinal));
    }

    [Fact]
    public void A_service_waits_until_what_it_depends_on_is_good()
    {
        var cluster = new ModelCluster().Up();
        cluster.Deploy(Stacks.Of("web").After("api"), Stacks.Of("api").After("db"), Stacks.Of("db"));
        for (var step = 0; step < 200 && cluster.Release().State == ReleaseState.Applying; step++)
        {
            cluster.Run(0.25);
            foreach (var (late, early) in new[] { ("web", "api"), ("api", "db") })
                if (cluster.State.Find(ServiceName.Parse($"shop/{late}")) is not null)
                    Assert.Equal(RolloutState.Succeeded, cluster.Service($"shop/{early}").Rollout.State);
        }

        Assert.Equal(ReleaseState.Succeeded, cluster.Release().State);
        Assert.Equal(3, cluster.State.Services.Count);
    }

    [Fact]
    public void Started_is_earlier_than_good()
    {
        var cluster = new ModelCluster().Up();
        cluster.Deploy(Stacks.Of("web").After("db", DependencyCondition.Started), Stacks.Of("db"));
        cluster.Run(3);
        Assert.Equal(RolloutState.Running, cluster.Service("shop/db").Rollout.State);
        Assert.NotNull(cluster.State.Find(ServiceName.Parse("shop/web")));
    }

    [Fact]
    public void A_job_is_waited_for_until_it_is_complete()
    {
        var cluster = new ModelCluster().Up();
        cluster.Images[Stacks.Image("migrate", 1)] = ImageBehaviour.CompletesAtOnce;
        cluster.Deploy(Stacks.Of("web").After("migrate", DependencyCondition.Completed), Stacks.Of("migrate").Once());
        cluster.Run(20);
        Assert.Equal(ReleaseState.Succeeded, cluster.Release().State);
        Assert.Equal(2, cluster.Available("shop/web"));
    }

    [Fact]
    public void A_job_that_fails_ends_the_release_and_what_waits_is_never_applied()
    {
        var cluster = new ModelCluster().Up();
        cluster.Images[Stacks.Image("migrate", 1)] = ImageBehaviour.FailsForGood;
        cluster.Deploy(Stacks.Of("web").After("migrate", DependencyCondition.Completed), Stacks.Of("migrate").Once());
        cluster.Run(20);
        var release = cluster.Release();
        Assert.Equal((ReleaseState.Failed, "migrate"), (release.State, release.Failed));
        Assert.NotNull(release.Reason);
        Assert.Null(cluster.State.Find(ServiceName.Parse("shop/web")));
        Assert.Equal(ReleaseMemberState.Waiting, release.Members["web"].State);
    }

    [Fact]
    public void An_unchanged_service_that_is_well_is_not_waited_for()
    {
        var cluster = Deployed(Stacks.Of("web").After("db"), Stacks.Of("db"));
        cluster.Deploy(Stacks.Of("web", 2).After("db"), Stacks.Of("db"));
        Assert.Equal(2, cluster.Service("shop/web").Rollout.Number);
        cluster.Run(20);
        Assert.Equal(ReleaseState.Succeeded, cluster.Release().State);
        Assert.Equal(ReleaseMemberState.Unchanged, cluster.Release().Members["db"].State);
    }

    [Fact]
    public void An_unchanged_service_that_is_never_well_ends_the_wait_by_its_progress_deadline()
    {
        var deadline = TimeSpan.FromSeconds(30);
        var db = Stacks.Of("db", replicas: 1).WithConstraint("node.hostname == h1") with { ProgressDeadline = deadline };
        var cluster = Deployed(Stacks.Of("web", replicas: 1).WithConstraint("node.hostname == h2").After("db"), db);
        cluster.Kill(1);
        cluster.Run(5);
        cluster.Deploy(Stacks.Of("web", 2, 1).WithConstraint("node.hostname == h2").After("db"), db);
        cluster.Run(25);
        Assert.Equal(ReleaseState.Applying, cluster.Release().State);
        cluster.Run(10);
        var release = cluster.Release();
        Assert.Equal((ReleaseState.RolledBack, "db", ReasonCode.DependencyNotMet), (release.State, release.Failed, release.Reason!.Code));
        Assert.Equal(Stacks.Image("web", 1), cluster.Runs("web"));
    }

    [Fact]
    public void What_waits_goes_on_under_another_leader()
    {
        for (var step = 0; step < 30; step++)
        {
            var cluster = new ModelCluster().Up();
            cluster.Deploy(Stacks.Of("web").After("api"), Stacks.Of("api").After("db"), Stacks.Of("db"));
            cluster.Run(step * 0.75);
            cluster.ChangeLeader();
            cluster.Run(60);
            Assert.True(cluster.Release().State == ReleaseState.Succeeded, $"step {step}: {cluster.Release()}");
            Assert.Equal(3, cluster.State.Services.Count);
        }
    }

    [Fact]
    public void What_left_the_file_goes_last_and_only_when_all_others_have_succeeded()
    {
        var cluster = Deployed(Stacks.Of("old"), Stacks.Of("web"));
        Pruning(cluster, Stacks.Of("web", 2));
        Assert.False(cluster.Service("shop/old").IsRemoving);
        cluster.Run(30);
        Assert.Equal(ReleaseState.Succeeded, cluster.Release().State);
        Assert.Null(cluster.State.Find(ServiceName.Parse("shop/old")));
        cluster.Deploy(Stacks.Of("old"), Stacks.Of("web", 2));
        cluster.Run(20);
        cluster.Images[Stacks.Image("web", 3)] = ImageBehaviour.Crashes;
        Pruning(cluster, Stacks.Of("web", 3));
        cluster.Run(60);
        Assert.Equal(ReleaseState.RolledBack, cluster.Release().State);
        Assert.Equal(2, cluster.Available("shop/old"));
    }

    [Fact]
    public void A_change_of_the_order_alone_restarts_nothing()
    {
        var cluster = Deployed(Stacks.Of("web"), Stacks.Of("db"));
        var before = cluster.Live("shop/web").Select(one => one.Id).ToList();
        cluster.Deploy(Stacks.Of("web").After("db"), Stacks.Of("db"));
        cluster.Run(20);
        Assert.Equal(ReleaseState.Succeeded, cluster.Release().State);
        Assert.Equal(before, cluster.Live("shop/web").Select(one => one.Id));
    }

    private static void Pruning(ModelCluster cluster, params ServiceSpec[] specs) => cluster.Ask((n, origin) =>
        new ClusterEvent.DeployStack(n, origin, "shop", [.. specs.Select(SpecHasher.Accept)], true));

    private static ModelCluster Deployed(params ServiceSpec[] specs)
    {
        var cluster = new ModelCluster().Up();
        cluster.Deploy(specs);
        cluster.Run(30);
        Assert.Equal(ReleaseState.Succeeded, cluster.Release().State);
        return cluster;
    }
}
