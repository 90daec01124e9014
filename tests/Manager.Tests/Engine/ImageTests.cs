// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

public sealed class ImageTests
{
    private const string Image = "registry.test:5000/web:1";

    [Theory]
    [InlineData(ReasonCode.ImageNotFound)]
    [InlineData(ReasonCode.RegistryDenied)]
    [InlineData(ReasonCode.RegistryUnreachable)]
    public void A_refusal_fails_the_rollout_at_once_and_names_the_node(ReasonCode code)
    {
        var cluster = new ModelCluster().Up();
        cluster.Registry[Image] = new ImageAnswer("", "", new Reason(code, "the registry said no"));
        cluster.Apply(Specs.Web(2));
        cluster.Run(TimeSpan.FromSeconds(1));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal(RolloutState.Failed, rollout.State);
        Assert.Equal(code, rollout.Reason!.Code);
        Assert.Equal("h1", rollout.FailedNode);
        Assert.Empty(cluster.Live("web"));
        Assert.Equal(code, cluster.State.Gaps[new ServiceId(1)].Reason.Code);
    }

    [Fact]
    public void A_local_image_runs_only_where_it_is()
    {
        var cluster = new ModelCluster().Up();
        var missing = new ImageAnswer("", "", new Reason(ReasonCode.ImageNotFound, "no such image"));
        cluster.Registry[Image] = missing;
        cluster.LocalImages[ModelCluster.Id(2)] = "sha256:abc";
        cluster.Apply(Specs.Web(3));
        cluster.Run(TimeSpan.FromSeconds(8));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.All(cluster.Live("web"), record => Assert.Equal(ModelCluster.Id(2), record.Node));
        Assert.True(cluster.State.Revisions[new ServiceId(1)][1].Image!.IsLocal);
    }

    [Fact]
    public void Silent_agents_are_left_out_after_four_seconds_and_asked_again()
    {
        var cluster = new ModelCluster().Up();
        cluster.MuteImages = true;
        cluster.Apply(Specs.Web(1));
        cluster.Run(TimeSpan.FromSeconds(9));
        Assert.Equal(RolloutState.Running, cluster.Service("web").Rollout.State);
        Assert.Equal(ReasonCode.ImageBeingResolved, cluster.State.Gaps[new ServiceId(1)].Reason.Code);
        cluster.MuteImages = false;
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void An_unchanged_reference_keeps_its_digest_and_force_asks_again()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(1));
        cluster.Run(TimeSpan.FromSeconds(8));
        cluster.Registry[Image] = new ImageAnswer("sha256:moved", "", null);
        cluster.Apply(Specs.Web(1) with { Container = Specs.Web().Container with { User = "7" } });
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.DoesNotContain("moved", cluster.State.Revisions[new ServiceId(1)][2].Image!.Pinned, StringComparison.Ordinal);
        cluster.Apply(Specs.Web(1), force: true);
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.EndsWith("web@sha256:moved", cluster.State.Revisions[new ServiceId(1)][3].Image!.Pinned, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_with_a_digest_is_not_asked()
    {
        var cluster = new ModelCluster().Up();
        cluster.MuteImages = true;
        cluster.Apply(Specs.Web(1, "registry.test:5000/web:1@sha256:123"));
        cluster.Run(TimeSpan.FromSeconds(8));
        Assert.Equal("registry.test:5000/web@sha256:123", cluster.State.Revisions[new ServiceId(1)][1].Image!.Pinned);
        Assert.Equal(1, cluster.Available("web"));
    }

    [Fact]
    public void A_missing_image_of_an_update_leaves_the_old_ones_alone()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(2));
        cluster.Run(TimeSpan.FromSeconds(8));
        cluster.Registry["registry.test:5000/web:9"] = new ImageAnswer("", "", new Reason(ReasonCode.ImageNotFound, "no such image"));
        cluster.Apply(Specs.Web(2, "registry.test:5000/web:9"));
        cluster.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(ReasonCode.ImageNotFound, cluster.Service("web").Rollout.Reason!.Code);
        cluster.Kill(1);
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(2, cluster.Available("web"));
    }

    [Theory]
    [InlineData(ReasonCode.ImageNotFound, $"image {Image}: manifest unknown: manifest unknown",
        $"image {Image} is not in its registry (h1: manifest unknown)")]
    [InlineData(ReasonCode.ImageNotFound, $"image {Image}: manifest for {Image} not found: manifest unknown: manifest unknown",
        $"image {Image} is not in its registry (h1: manifest unknown)")]
    [InlineData(ReasonCode.RegistryDenied, $"image {Image}: no basic auth credentials",
        $"the registry of image {Image} refused (h1: no basic auth credentials)")]
    [InlineData(ReasonCode.RegistryUnreachable, $"image {Image}", $"the registry of image {Image} does not answer (h1)")]
    public void A_refusal_reads_as_one_sentence_that_says_nothing_twice(ReasonCode code, string said, string expected)
    {
        var cluster = new ModelCluster().Up();
        cluster.Registry[Image] = new ImageAnswer("", "", new Reason(code, said));
        cluster.Apply(Specs.Web(2));
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(expected, cluster.Service("web").Rollout.Reason!.Text);
        var summary = Explainer.Explain(cluster.State, new ServiceId(1), cluster.Now).Summary;
        Assert.Equal(2, summary.Split(expected).Length);
        Assert.Contains("Rollout 1 to revision 1 failed for that reason. The image is asked for again in", summary,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_deploy_heals_when_its_image_appears_and_keeps_its_verdict()
    {
        var cluster = new ModelCluster().Up();
        cluster.Registry[Image] = new ImageAnswer("", "", new Reason(ReasonCode.ImageNotFound, "manifest unknown"));
        cluster.Apply(Specs.Web(2));
        cluster.Run(TimeSpan.FromSeconds(5));
        cluster.Registry.Remove(Image);
        cluster.Run(TimeSpan.FromSeconds(4));
        Assert.Empty(cluster.Live("web"));
        cluster.Run(TimeSpan.FromSeconds(4));
        Assert.Equal(2, cluster.Available("web"));
        Assert.Equal(ReasonCode.ImageNotFound, cluster.Service("web").Rollout.Reason!.Code);
        Assert.Contains("all replicas have come to run since", Explainer.Explain(cluster.State, new ServiceId(1), cluster.Now).Summary,
            StringComparison.Ordinal);
        Assert.Empty(cluster.State.Memory.ImageRetries);
    }

    [Fact]
    public void A_missing_image_is_asked_for_again_with_doubling_delays_and_without_a_commit()
    {
        var cluster = new ModelCluster().Up();
        cluster.Registry[Image] = new ImageAnswer("", "", new Reason(ReasonCode.ImageNotFound, "manifest unknown"));
        cluster.Apply(Specs.Web(2));
        cluster.Run(TimeSpan.FromSeconds(5));
        cluster.Changes.Clear();
        var before = cluster.State.NextImageQuery;
        cluster.Run(TimeSpan.FromHours(1));
        // 10, 20, 40, 80, 160 s, then each 5 min: 5 in the first 310 s, 10 or 11 in what is left.
        Assert.InRange(cluster.State.NextImageQuery - before, 14, 17);
        Assert.Empty(cluster.Changes);
        cluster.Scale("web", 0);
        cluster.Run(TimeSpan.FromMinutes(1));
        before = cluster.State.NextImageQuery;
        cluster.Run(TimeSpan.FromHours(1));
        Assert.Equal(before, cluster.State.NextImageQuery);
    }

    [Fact]
    public void A_missing_image_of_an_update_is_not_asked_for_again()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(2));
        cluster.Run(TimeSpan.FromSeconds(8));
        cluster.Registry["registry.test:5000/web:9"] = new ImageAnswer("", "", new Reason(ReasonCode.ImageNotFound, "no such image"));
        cluster.Apply(Specs.Web(2, "registry.test:5000/web:9"));
        cluster.Run(TimeSpan.FromSeconds(2));
        var before = cluster.State.NextImageQuery;
        cluster.Run(TimeSpan.FromHours(1));
        Assert.Equal(before, cluster.State.NextImageQuery);
    }
}
