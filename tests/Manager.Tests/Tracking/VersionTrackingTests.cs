// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Tracking;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;
using static ClusterManager.Manager.Tests.Tracking.TrackedCluster;

namespace ClusterManager.Manager.Tests.Tracking;

/// <summary>A service that follows versions: the highest within its range, upwards only, and never against an operator.</summary>
public sealed class VersionTrackingTests
{
    private const string Name = "registry.test:5000/web";
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(65);

    [Theory]
    [InlineData("1.2.3", "^1.2", "1.2.3 1.2.9 1.10.0 2.0.0 1.11.0-rc.1 latest 1.11", "1.10.0")]
    [InlineData("1.2.3", "^1.2", "1.2.3 1.2.2 1.1.9 2.0.0", null)]
    [InlineData("latest", "~1.2", "1.2.3 1.2.9 1.3.0 1.2", "1.2.9")]
    [InlineData("1.2", "1.x", "1.3 1.2.9 1.4.7", "1.3")]
    [InlineData("v1.2.3", "^1", "v1.2.4 1.2.5", "1.2.5")]
    [InlineData("2.0.0", "^1", "1.9.0", null)]
    [InlineData("1.2.3", "^1.2.0-rc.1", "1.3.0-rc.2 1.3.0-rc.10", "1.3.0-rc.10")]
    [InlineData("1.2.3", "nonsense", "1.3.0", null)]
    public void The_highest_version_within_the_range_is_chosen_if_it_is_higher(string tag, string range, string tags, string? expected) =>
        Assert.Equal(
            expected is null ? null : $"{Name}:{expected}", TrackingChoice.Of(Following($"{Name}:{tag}", range), tags.Split(' ')));

    [Fact]
    public async Task A_higher_version_becomes_a_revision_with_its_tag()
    {
        var cluster = Start();
        cluster.Push($"{Name}:1.3.0", "sha256:13");
        cluster.Push($"{Name}:2.0.0", "sha256:20");
        await cluster.PassAsync(Poll * 2);
        Assert.Equal((2, $"{Name}:1.3.0", "sha256:13"), (cluster.Web.Revision, Image(cluster), cluster.Digest));
        Assert.Equal((RolloutState.Succeeded, 2), (cluster.Web.Rollout.State, cluster.Model.Available("web")));
        cluster.Tags.Asked.Clear();
        await cluster.PassAsync(Poll);
        Assert.Equal([$"LIST {Name}"], cluster.Tags.Asked);
    }

    [Fact]
    public async Task A_file_that_still_names_the_old_version_changes_nothing_and_one_that_names_another_does()
    {
        var cluster = Start();
        cluster.Push($"{Name}:1.3.0", "sha256:13");
        await cluster.PassAsync(Poll * 2);
        var file = Following($"{Name}:1.2.3", "^1.2");
        Assert.Equal($"{Name}:1.3.0", TrackingNotes.Kept(cluster.Model.State, file).Container.Image);
        var other = Following($"{Name}:1.2.4", "^1.2");
        Assert.Same(other, TrackingNotes.Kept(cluster.Model.State, other));
        var narrower = Following($"{Name}:1.2.3", "~1.2");
        Assert.Same(narrower, TrackingNotes.Kept(cluster.Model.State, narrower));
        cluster.Push($"{Name}:1.4.0", "sha256:14");
        await cluster.PassAsync(Poll * 2);
        Assert.Equal($"{Name}:1.4.0", TrackingNotes.Kept(cluster.Model.State, file).Container.Image);
    }

    [Fact]
    public async Task What_an_operator_deployed_by_hand_stays_until_there_is_news()
    {
        var cluster = Start();
        cluster.Push($"{Name}:1.3.0", "sha256:13");
        await cluster.PassAsync(Poll * 2);
        cluster.Model.Apply(Following($"{Name}:1.2.3", "^1.2"));
        await cluster.PassAsync(Poll * 5);
        Assert.Equal((3, $"{Name}:1.2.3"), (cluster.Web.Revision, Image(cluster)));
        cluster.Push($"{Name}:1.3.1", "sha256:131");
        await cluster.PassAsync(Poll * 2);
        Assert.Equal($"{Name}:1.3.1", Image(cluster));
    }

    [Fact]
    public async Task A_version_that_fails_is_left_and_the_next_is_taken()
    {
        var cluster = Start();
        cluster.Model.Images[$"{Name}:1.3.0"] = ImageBehaviour.Crashes;
        cluster.Push($"{Name}:1.3.0", "sha256:13");
        await cluster.PassAsync(Poll * 10);
        Assert.Equal((2, RolloutState.RolledBack), (cluster.Web.Rollout.Number, cluster.Web.Rollout.State));
        Assert.Equal($"{Name}:1.2.3", Image(cluster));
        cluster.Push($"{Name}:1.3.1", "sha256:131");
        await cluster.PassAsync(Poll * 2);
        Assert.Equal((3, $"{Name}:1.3.1"), (cluster.Web.Rollout.Number, Image(cluster)));
    }

    private static string Image(TrackedCluster cluster) =>
        cluster.Model.State.Revisions[cluster.Web.Id][cluster.Web.Revision].Spec.Container.Image;

    private static TrackedCluster Start()
    {
        var cluster = new TrackedCluster();
        cluster.Push($"{Name}:1.2.3", "sha256:123");
        return cluster.Deployed(Following($"{Name}:1.2.3", "^1.2"));
    }
}
