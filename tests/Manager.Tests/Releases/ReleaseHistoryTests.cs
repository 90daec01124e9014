// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Telemetry;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Releases;

/// <summary>Ten releases are kept with the revisions that they are made of, and any that has succeeded can be brought back.</summary>
public sealed class ReleaseHistoryTests
{
    [Fact]
    public void Of_twenty_releases_ten_are_kept_and_the_state_grows_no_more()
    {
        var cluster = new ModelCluster().Up();
        var sizes = new List<long>();
        for (var version = 1; version <= 20; version++)
        {
            Deploy(cluster, version);
            sizes.Add(StateSize.Of(cluster.State with { Requests = cluster.State.Requests.Clear() }).Bytes);
        }

        Assert.Equal(Enumerable.Range(11, 10), cluster.State.History["shop"].Keys);
        Assert.InRange(sizes[^1], 1, sizes[11] + 2000);
        Assert.All(cluster.State.Revisions.Values, revisions => Assert.InRange(revisions.Count, 10, 12));
    }

    [Fact]
    public void A_kept_release_comes_back_with_its_digests_and_nobody_is_asked()
    {
        var cluster = new ModelCluster().Up();
        for (var version = 1; version <= 12; version++) Deploy(cluster, version);
        var digests = cluster.State.History["shop"][7].Members.ToDictionary(pair => pair.Key, pair => pair.Value.Digest);
        cluster.MuteImages = true;
        Assert.IsType<MutationResult.Accepted>(cluster.BringBack(7));
        cluster.Run(40);
        var release = cluster.Release();
        Assert.Equal((ReleaseState.Succeeded, 13, 7), (release.State, release.Number, release.RollbackOf));
        Assert.Equal(digests, release.Members.ToDictionary(pair => pair.Key, pair => pair.Value.Digest));
        Assert.Equal((Stacks.Image("db", 7), Stacks.Image("web", 7)), (cluster.Runs("db"), cluster.Runs("web")));
    }

    [Fact]
    public void Without_a_number_the_one_that_served_before_comes_back_and_twice_leads_there_again()
    {
        var cluster = new ModelCluster().Up();
        Deploy(cluster, 1);
        Deploy(cluster, 2);
        cluster.Images[Stacks.Image("db", 3)] = ImageBehaviour.Crashes;
        Deploy(cluster, 3);
        Assert.Equal(ReleaseState.RolledBack, cluster.Release().State);
        cluster.BringBack();
        cluster.Run(40);
        Assert.Equal((1, Stacks.Image("web", 1)), (cluster.Release().RollbackOf, cluster.Runs("web")));
        cluster.BringBack();
        cluster.Run(40);
        Assert.Equal((2, Stacks.Image("web", 2)), (cluster.Release().RollbackOf, cluster.Runs("web")));
    }

    [Fact]
    public void The_newest_that_has_succeeded_outlasts_any_number_of_failures()
    {
        var cluster = new ModelCluster().Up();
        Deploy(cluster, 1);
        for (var version = 2; version <= 14; version++)
        {
            cluster.Images[Stacks.Image("db", version)] = ImageBehaviour.InvalidConfiguration;
            Deploy(cluster, version);
        }

        Assert.Contains(1, cluster.State.History["shop"].Keys);
        Assert.Equal(10, cluster.State.History["shop"].Count);
        Assert.Equal(Stacks.Image("web", 1), cluster.Runs("web"));
    }

    [Fact]
    public void What_can_not_come_back_is_refused_with_all_reasons()
    {
        var cluster = new ModelCluster().Up();
        Assert.Equal(RefusalKind.NotFound, Assert.IsType<MutationResult.Refused>(cluster.BringBack()).Kind);
        Deploy(cluster, 1);
        Assert.Equal(RefusalKind.Conflict, Assert.IsType<MutationResult.Refused>(cluster.BringBack()).Kind);
        Assert.Equal(RefusalKind.NotFound, Assert.IsType<MutationResult.Refused>(cluster.BringBack(9)).Kind);
        cluster.Remove("shop/web");
        cluster.Run(20);
        Deploy(cluster, 2);
        var refused = Assert.IsType<MutationResult.Refused>(cluster.BringBack(1));
        Assert.Contains("shop/web was removed since", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_removed_stack_leaves_no_history()
    {
        var cluster = new ModelCluster().Up();
        Deploy(cluster, 1);
        Deploy(cluster, 2);
        cluster.Ask((n, origin) => new ClusterEvent.RemoveStack(n, origin, "shop"));
        cluster.Run(20);
        Assert.Empty(cluster.State.Services);
        Assert.Empty(cluster.State.Releases);
        Assert.Empty(cluster.State.History);
    }

    [Fact]
    public void A_release_that_an_older_version_began_is_finished()
    {
        var cluster = new ModelCluster().Up();
        Deploy(cluster, 1);
        var release = cluster.State.Releases["shop"];
        var stored = ClusterStateBuilder.Store(cluster.State) with
        {
            History = [],
            Releases =
            [
                release with
                {
                    Number = 2, Services = [.. release.Services, Stacks.Of("late")],
                    Hashes = release.Hashes.Add("late", HashesOf(Stacks.Of("late"))),
                    Pending = ImmutableSortedSet.Create("late"),
                },
            ],
        };
        cluster.Take(stored);
        cluster.Run(40);
        Assert.Equal((ReleaseState.Succeeded, 2), (cluster.Release().State, cluster.Release().Number));
        Assert.Empty(cluster.State.Releases["shop"].Pending);
        Assert.Equal(2, cluster.Available("shop/late"));
    }

    private static SpecHashes HashesOf(ServiceSpec spec)
    {
        var accepted = SpecHasher.Accept(spec);
        return new SpecHashes(accepted.SpecHash, accepted.TemplateHash);
    }

    private static void Deploy(ModelCluster cluster, int version)
    {
        cluster.Deploy(Stacks.Of("web", version).After("db"), Stacks.Of("db", version));
        cluster.Run(40);
        Assert.False(cluster.Release().IsActive);
    }
}
