// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Planning;

/// <summary>Which images a node must keep.</summary>
public sealed class KeptImagesTests
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(5);

    [Fact]
    public void The_newest_that_served_stay_on_every_node_that_may_hold_the_service()
    {
        var cluster = Released(6);
        foreach (var node in new[] { 1, 2, 3 })
        {
            Assert.Equal([4, 5, 6], Kept(cluster, node, 3));
            Assert.Equal([5, 6], Kept(cluster, node, 1)); // what the last rollout came from stays, too
            Assert.Equal([1, 2, 3, 4, 5, 6], Kept(cluster, node, 10));
        }
    }

    [Fact]
    public void A_constraint_frees_the_nodes_that_can_never_hold_it()
    {
        var cluster = new ModelCluster(2, (number, node) => number == 1 ? node with { Labels = Maps.Of([new("disk", "ssd")]) } : node).Up();
        for (var number = 1; number <= 3; number++) Release(cluster, number, spec => spec.WithConstraint("node.labels.disk == ssd"));
        Assert.Equal([1, 2, 3], Kept(cluster, 1, 3));
        Assert.Empty(Kept(cluster, 2, 3));
    }

    [Fact]
    public void Releases_that_failed_push_nothing_out()
    {
        var cluster = Released(3);
        for (var number = 4; number <= 6; number++)
        {
            cluster.Images[Image(number)] = ImageBehaviour.Crashes;
            Release(cluster, number);
            Assert.Equal(RolloutState.RolledBack, cluster.Service("web").Rollout.State);
        }

        // The last one is named by its rollout.
        Assert.Equal([1, 2, 3, 6], Kept(cluster, 1, 3));
    }

    [Fact]
    public void Revisions_of_the_same_image_count_once()
    {
        var cluster = Released(2);
        for (var label = 0; label < 4; label++)
            Release(cluster, 3, spec => spec with { Labels = Maps.Of([new("team", $"t{label}")]) });
        Assert.Equal([2, 3], Kept(cluster, 1, 2));
    }

    [Fact]
    public void What_a_rollout_goes_to_and_comes_from_stays_however_few_are_asked_for()
    {
        var cluster = Released(4);
        cluster.RollBack("web", 2);
        Assert.Equal([2, 4], Kept(cluster, 1, 1));
        cluster.Run(Rest);
        Assert.Equal([2, 4], Kept(cluster, 1, 1));
    }

    [Fact]
    public void A_pin_keeps_what_no_service_names_and_a_removed_service_keeps_nothing()
    {
        var cluster = Released(2);
        var digest = Digest(cluster, 1);
        var pin = new PinRecord { Image = Image(1), Digest = digest, CreatedBy = "olga", CreatedAt = cluster.Now };
        Assert.IsType<MutationResult.Accepted>(cluster.Ask((n, origin) => new ClusterEvent.PutPin(n, origin, pin)));
        cluster.Remove("web");
        cluster.Run(Rest);
        string[] asked = [$"repo@{digest}", "repo@sha256:other"];
        Assert.Equal(asked[..1], Among(cluster, asked));
        cluster.ChangeLeader();
        Assert.Equal(asked[..1], Among(cluster, asked));
        Assert.IsType<MutationResult.Accepted>(cluster.Ask((n, origin) => new ClusterEvent.RemovePin(n, origin, Image(1))));
        Assert.Empty(Among(cluster, asked));
        var again = Assert.IsType<MutationResult.Refused>(
            cluster.Ask((n, origin) => new ClusterEvent.RemovePin(n, origin, Image(1))));
        Assert.Equal(RefusalKind.NotFound, again.Kind);
    }

    [Fact]
    public void There_are_no_more_than_a_hundred_pins()
    {
        var cluster = new ModelCluster().Up();
        MutationResult Pin(int number) => cluster.Ask((n, origin) => new ClusterEvent.PutPin(n, origin, new PinRecord
        {
            Image = $"registry.test/app:{number}", Digest = $"sha256:{number}", CreatedBy = "olga", CreatedAt = cluster.Now,
        }));
        for (var number = 1; number <= EngineLimits.Pins; number++) Assert.IsType<MutationResult.Accepted>(Pin(number));
        Assert.IsType<MutationResult.Refused>(Pin(0));
        Assert.IsType<MutationResult.Accepted>(Pin(1));
    }

    [Fact]
    public void An_image_that_no_registry_holds_is_known_by_its_id()
    {
        var cluster = new ModelCluster().Up();
        cluster.Registry[Image(1)] = new ImageAnswer("", "", new Reason(ReasonCode.ImageNotFound, "no"));
        cluster.LocalImages[ModelCluster.Id(1)] = "sha256:local";
        Release(cluster, 1);
        Assert.Equal("sha256:local", Assert.Single(Among(cluster, ["sha256:local", "sha256:other"])));
    }

    private static ModelCluster Released(int count)
    {
        var cluster = new ModelCluster().Up();
        for (var number = 1; number <= count; number++) Release(cluster, number);
        return cluster;
    }

    private static void Release(ModelCluster cluster, int number, Func<ServiceSpec, ServiceSpec>? shape = null)
    {
        var spec = Specs.Web(2, Image(number));
        Assert.IsType<MutationResult.Accepted>(cluster.Apply(shape?.Invoke(spec) ?? spec));
        cluster.Run(Rest);
    }

    private static string Image(int number) => $"registry.test:5000/web:{number}";

    private static string Digest(ModelCluster cluster, int revision) =>
        cluster.State.Revisions[cluster.Service("web").Id][revision].Image!.Digest;

    /// <summary>The numbers of the images that the node keeps of all that the service has stored.</summary>
    private static IEnumerable<int> Kept(ModelCluster cluster, int node, int revisions)
    {
        var all = cluster.State.Revisions[cluster.Service("web").Id].Values
            .ToLookup(revision => $"repo@{revision.Image!.Digest}", revision => revision.Spec.Container.Image);
        var record = cluster.State.Nodes[ModelCluster.Id(node)];
        return KeptImages.Among(cluster.State, record, all.Select(one => one.Key), revisions)
            .Select(one => int.Parse(all[one].First().Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture)).Order();
    }

    private static ImmutableArray<string> Among(ModelCluster cluster, IEnumerable<string> images) =>
        KeptImages.Among(cluster.State, cluster.State.Nodes[ModelCluster.Id(1)], images, 3);
}
