// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Tracking;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;
using static ClusterManager.Manager.Tests.Tracking.TrackedCluster;

namespace ClusterManager.Manager.Tests.Tracking;

/// <summary>A service that follows its image: what is rolled out, what never again, and what it costs the registry.</summary>
public sealed class TrackingTests
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(65);

    [Fact]
    public async Task A_tag_that_moves_is_rolled_out_within_the_period_and_five_seconds()
    {
        var cluster = Start();
        await cluster.PassAsync(Poll * 2);
        Assert.Equal((1, "sha256:1"), (cluster.Web.Rollout.Number, cluster.Digest));
        cluster.Push(Latest, "sha256:2");
        await cluster.PassAsync(Poll);
        Assert.Equal((2, "tracking", "sha256:2"), (cluster.Web.Rollout.Number, cluster.Web.Rollout.Actor, cluster.Digest));
        await cluster.PassAsync(Poll);
        Assert.Equal(RolloutState.Succeeded, cluster.Web.Rollout.State);
        Assert.All(cluster.Model.Live("web"), record => Assert.Equal(2, record.Revision));
        Assert.Equal(2, cluster.Model.Available("web"));
        Assert.Equal(Latest, cluster.Model.State.Revisions[cluster.Web.Id][2].Spec.Container.Image);
        Assert.True(cluster.Log.Says($"from {Latest} to {Latest} (sha256:2): revision 2"), cluster.Log.Text);
    }

    [Fact]
    public async Task What_failed_is_never_tried_again_and_the_next_one_is()
    {
        var cluster = Start();
        cluster.Model.Images[Latest] = ImageBehaviour.Crashes;
        cluster.Push(Latest, "sha256:bad");
        await cluster.PassAsync(Poll * 10);
        Assert.Equal((2, RolloutState.RolledBack, "sha256:1"), (cluster.Web.Rollout.Number, cluster.Web.Rollout.State, cluster.Digest));
        // Away and back again: it is no news for having been away.
        cluster.Push(Latest, "sha256:1");
        await cluster.PassAsync(Poll * 2);
        cluster.Push(Latest, "sha256:bad");
        await cluster.PassAsync(Poll * 2);
        cluster.ChangeLeader();
        await cluster.PassAsync(Poll * 2);
        Assert.Equal(2, cluster.Web.Rollout.Number);
        cluster.Model.Images[Latest] = ImageBehaviour.Good;
        cluster.Push(Latest, "sha256:3");
        await cluster.PassAsync(Poll * 2);
        Assert.Equal((3, RolloutState.Succeeded, "sha256:3"), (cluster.Web.Rollout.Number, cluster.Web.Rollout.State, cluster.Digest));
    }

    [Fact]
    public async Task An_operator_who_deploys_the_bad_one_by_hand_clears_its_name()
    {
        var cluster = Start();
        cluster.Model.Images[Latest] = ImageBehaviour.Crashes;
        cluster.Push(Latest, "sha256:bad");
        await cluster.PassAsync(Poll * 2);
        Assert.Equal(["sha256:bad"], cluster.Web.Tracking.Bad.Select(bad => bad.Digest));
        cluster.Model.Images[Latest] = ImageBehaviour.Good;
        Assert.IsType<MutationResult.Accepted>(cluster.Model.Apply(Following(Latest), force: true));
        await cluster.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((RolloutState.Succeeded, "sha256:bad"), (cluster.Web.Rollout.State, cluster.Digest));
        Assert.Empty(cluster.Web.Tracking.Bad);
    }

    [Fact]
    public async Task A_rollback_by_hand_is_not_undone()
    {
        var cluster = Start();
        cluster.Push(Latest, "sha256:2");
        await cluster.PassAsync(Poll * 2);
        Assert.Equal("sha256:2", cluster.Digest);
        Assert.IsType<MutationResult.Accepted>(cluster.Model.RollBack("web"));
        await cluster.PassAsync(Poll * 5);
        Assert.Equal((3, "sha256:1", RolloutState.Succeeded), (cluster.Web.Rollout.Number, cluster.Digest, cluster.Web.Rollout.State));
        cluster.Push(Latest, "sha256:3");
        await cluster.PassAsync(Poll * 2);
        Assert.Equal("sha256:3", cluster.Digest);
    }

    [Fact]
    public async Task A_rollout_that_runs_or_is_paused_is_waited_for()
    {
        var cluster = Start();
        cluster.Model.Apply(Following(Latest) with { Container = new ContainerSpec { Image = Latest, User = "1000" } });
        cluster.Model.Control("web", RolloutOrder.Pause);
        cluster.Push(Latest, "sha256:2");
        await cluster.PassAsync(Poll * 3);
        Assert.Equal((2, RolloutState.Running, "sha256:1"), (cluster.Web.Rollout.Number, cluster.Web.Rollout.State, cluster.Digest));
        cluster.Model.Control("web", RolloutOrder.Resume);
        await cluster.PassAsync(Poll * 2);
        Assert.Equal((3, "sha256:2"), (cluster.Web.Rollout.Number, cluster.Digest));
    }

    [Fact]
    public async Task A_new_leader_at_any_moment_rolls_a_digest_out_once()
    {
        for (var second = 0; second < 12; second++)
        {
            var cluster = Start();
            await cluster.PassAsync(Poll);
            cluster.Push(Latest, "sha256:2");
            while (cluster.Web.Rollout.Number == 1) await cluster.PassAsync(TimeSpan.FromSeconds(1));
            await cluster.PassAsync(TimeSpan.FromSeconds(second));
            cluster.ChangeLeader();
            await cluster.PassAsync(Poll * 3);
            Assert.Equal((2, RolloutState.Succeeded), (cluster.Web.Rollout.Number, cluster.Web.Rollout.State));
        }
    }

    [Fact]
    public async Task Services_with_one_tag_share_their_looks()
    {
        var cluster = Start();
        cluster.Deployed(Following(Latest) with { Name = ServiceName.Parse("blue") });
        cluster.Deployed(Following(Latest) with { Name = ServiceName.Parse("green") });
        cluster.Tags.Asked.Clear();
        await cluster.PassAsync(TimeSpan.FromMinutes(10));
        Assert.InRange(cluster.Tags.Asked.Count, 9, 11);
        Assert.All(cluster.Tags.Asked, asked => Assert.Equal($"HEAD {Latest}", asked));
        cluster.Push(Latest, "sha256:2");
        await cluster.PassAsync(Poll);
        Assert.All(cluster.Model.State.Services.Values, service => Assert.Equal(2, service.Revision));
    }

    [Fact]
    public async Task A_registry_that_is_away_changes_nothing_and_is_told_once()
    {
        var cluster = Start();
        await cluster.PassAsync(Poll);
        var changes = cluster.Model.Changes.Count;
        cluster.Tags.Failure = FakeTags.Away();
        await cluster.PassAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(changes, cluster.Model.Changes.Count);
        Assert.Equal(1, Count(cluster, "cannot be looked up"));
        Assert.Equal("registry.test:5000", Assert.Single(cluster.Loop.Problems).Subject);
        cluster.Tags.Failure = null;
        await cluster.PassAsync(Poll * 3);
        Assert.Equal((1, 1), (Count(cluster, "cannot be looked up"), Count(cluster, "answers again")));
        Assert.Empty(cluster.Loop.Problems);
    }

    [Fact]
    public async Task A_registry_that_throttles_is_left_alone_as_long_as_it_says()
    {
        var cluster = Start();
        await cluster.PassAsync(Poll);
        cluster.Tags.Failure = FakeTags.Away(TimeSpan.FromMinutes(10));
        await cluster.PassAsync(Poll);
        cluster.Tags.Asked.Clear();
        cluster.Loop.Look("web", "latest");
        await cluster.PassAsync(TimeSpan.FromMinutes(8));
        Assert.Empty(cluster.Tags.Asked);
        await cluster.PassAsync(TimeSpan.FromMinutes(3));
        Assert.NotEmpty(cluster.Tags.Asked);
    }

    [Fact]
    public async Task A_tag_that_is_gone_is_a_problem_of_its_own()
    {
        var cluster = Start();
        cluster.Tags.Digests.Remove(Latest);
        await cluster.PassAsync(Poll * 3);
        Assert.Equal(Latest, Assert.Single(cluster.Loop.Problems).Subject);
        Assert.Equal(1, cluster.Web.Rollout.Number);
        cluster.Model.Remove("web");
        await cluster.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(cluster.Loop.Problems);
    }

    [Fact]
    public async Task A_hook_is_followed_within_a_second_and_without_one_an_hour_passes()
    {
        var cluster = Start(via: TrackVia.Webhook);
        await cluster.PassAsync(TimeSpan.FromSeconds(10));
        cluster.Push(Latest, "sha256:2");
        await cluster.PassAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(1, cluster.Web.Rollout.Number);
        Assert.Equal((0, 0), (cluster.Loop.Look("shop/web", ""), cluster.Loop.Look("web", "stable")));
        Assert.Equal(1, cluster.Loop.Look("web", "latest"));
        await cluster.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(2, cluster.Web.Rollout.Number);
        cluster.Push(Latest, "sha256:3");
        await cluster.PassAsync(TimeSpan.FromMinutes(62));
        Assert.Equal("sha256:3", cluster.Digest);
    }

    [Fact]
    public async Task What_is_pinned_or_not_followed_is_not_asked_for()
    {
        var cluster = Start();
        cluster.Model.Apply(Following("registry.test:5000/web@sha256:9"));
        cluster.Deployed(Specs.Web(1, "registry.test:5000/other:1", "other"));
        cluster.Tags.Asked.Clear();
        await cluster.PassAsync(Poll * 2);
        Assert.Empty(cluster.Tags.Asked);
    }

    [Fact]
    public void What_was_decided_from_another_revision_is_refused()
    {
        var cluster = Start();
        var follow = SpecHasher.Accept(Following(Latest));
        Assert.IsType<MutationResult.Refused>(cluster.Model.Ask((n, o) => new ClusterEvent.FollowImage(n, o, follow, 7, "sha256:2")));
        Assert.IsType<MutationResult.Refused>(cluster.Model.Ask((n, o) => new ClusterEvent.FollowImage(n, o, follow, 1, "sha256:1")));
        var other = SpecHasher.Accept(Following(Latest) with { Track = TrackPolicy.None });
        Assert.IsType<MutationResult.Refused>(cluster.Model.Ask((n, o) => new ClusterEvent.FollowImage(n, o, other, 1, "sha256:2")));
        Assert.Equal(1, cluster.Web.Revision);
    }

    [Fact]
    public void Bad_digests_are_bounded_and_the_oldest_goes_first()
    {
        var tracking = TrackingRecord.Empty;
        for (var i = 0; i < TrackingRecord.BadMax + 5; i++) tracking = tracking.WithBad($"sha256:{i}", ModelCluster.Epoch);
        Assert.Equal(TrackingRecord.BadMax, tracking.Bad.Length);
        Assert.False(tracking.IsBad("sha256:4"));
        Assert.True(tracking.IsBad("sha256:5"));
        Assert.Same(tracking, tracking.WithBad("sha256:5", ModelCluster.Epoch));
    }

    private static TrackedCluster Start(TrackVia via = TrackVia.Poll)
    {
        var cluster = new TrackedCluster();
        cluster.Push(Latest, "sha256:1");
        return cluster.Deployed(Following(Latest, via: via));
    }

    private static int Count(TrackedCluster cluster, string words) => cluster.Log.Text.Split(words).Length - 1;
}
