// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Images;
using ClusterManager.Agent.Telemetry;

namespace ClusterManager.Agent.Tests.Images;

/// <summary>Which images may go, and which goes next.</summary>
public sealed class ImageSweepTests
{
    private const int RandomNodes = 2000;
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
    private static readonly DiskSpace HalfFull = new(50, 100);
    private static readonly ImageSettings Settings = new();

    [Fact]
    public void What_the_agent_has_pulled_and_nothing_needs_may_go_the_longest_unused_first()
    {
        var node = NodeOf([Pulled("a", 1), Pulled("b", 3), Pulled("c", 2)]);
        Assert.Equal(["b", "c", "a"], Candidates(node));
    }

    [Fact]
    public void What_a_container_uses_the_assignment_names_or_a_pull_brings_stays()
    {
        var node = NodeOf([Pulled("a", 9), Pulled("b", 9), Pulled("c", 9), Pulled("d", 9)]) with
        {
            UsedIds = SetOf("sha256:a"), Assigned = SetOf("repo/b@sha256:b"), Moving = SetOf("repo/c@sha256:c"),
        };
        Assert.Equal(["d"], Candidates(node));
    }

    [Fact]
    public void A_tag_or_a_second_name_given_by_hand_makes_it_somebody_elses()
    {
        var tagged = Pulled("a", 9).Image with { Tags = ["web:by-hand"] };
        var named = Pulled("b", 9).Image with { RepoDigests = ["other/b@sha256:b", "repo/b@sha256:b"] };
        var nameless = new ImageSummary("sha256:n", [], [], 1, Now);
        var node = NodeOf([(tagged, 9), (named, 9), (nameless, 9)], ledger: ["repo/a@sha256:a", "repo/b@sha256:b"]);
        Assert.Empty(Candidates(node));
    }

    [Fact]
    public void Only_who_asks_for_all_loses_what_somebody_else_brought_and_by_the_time_since_when_it_is_known()
    {
        var foreign = new ImageSummary("sha256:f", ["web:by-hand"], [], 1, Now);
        var all = Settings with { Removal = ImageRemoval.All };
        var node = NodeOf([(foreign, 0)], ledger: []);
        Assert.Empty(ImageSweep.Candidates(node, all, Now));
        node = node with { Ledger = node.Ledger.Add("sha256:f", new ImageEntry(false, Now.AddHours(-5))) };
        Assert.Equal("web:by-hand", Assert.Single(Assert.Single(ImageSweep.Candidates(node, all, Now)).Names));
        Assert.Empty(ImageSweep.Candidates(node, Settings, Now));
        Assert.Empty(ImageSweep.Candidates(node, all with { Removal = ImageRemoval.Off }, Now));
    }

    [Fact]
    public void What_was_of_use_a_moment_ago_rests()
    {
        var node = NodeOf([Pulled("a", 0)]);
        Assert.Empty(Candidates(node));
        Assert.Single(ImageSweep.Candidates(node, Settings, Now + Settings.Rest));
    }

    [Theory]
    [InlineData(50, false, 1, false)] // room, and young
    [InlineData(50, false, 30, true)] // room, but unused for more than a day
    [InlineData(10, true, 1, true)] // above the high mark
    [InlineData(20, true, 1, true)] // the sweep goes on to the low mark
    [InlineData(26, true, 1, false)] // below it
    [InlineData(20, false, 1, false)] // between the marks nothing begins
    public void Need_and_age_decide(long free, bool isPressed, int unusedHours, bool goes)
    {
        var left = ImageSweep.Candidates(NodeOf([Pulled("a", unusedHours)]), Settings, Now);
        Assert.Equal(goes, ImageSweep.Next(left, new DiskSpace(free, 100), isPressed, Settings, Now) is not null);
    }

    [Fact]
    public void Without_a_time_only_need_removes_and_without_a_disk_only_time()
    {
        var left = ImageSweep.Candidates(NodeOf([Pulled("a", 9999)]), Settings, Now);
        Assert.Null(ImageSweep.Next(left, HalfFull, false, Settings with { UnusedFor = null }, Now));
        Assert.NotNull(ImageSweep.Next(left, null, true, Settings, Now));
        Assert.Null(ImageSweep.Next(left, null, true, Settings with { UnusedFor = null }, Now));
    }

    [Fact]
    public void Of_random_nodes_nothing_goes_that_is_used_wanted_foreign_or_young()
    {
        var random = new Random(7);
        var went = 0;
        for (var round = 0; round < RandomNodes; round++)
        {
            var node = RandomNode(random);
            foreach (var one in ImageSweep.Candidates(node, Settings, Now))
            {
                went++;
                var image = node.Images.Single(image => image.Id == one.Id);
                Assert.DoesNotContain(one.Id, node.UsedIds);
                Assert.Empty(image.Tags);
                Assert.NotEmpty(image.RepoDigests);
                Assert.All(image.RepoDigests, name =>
                {
                    Assert.DoesNotContain(name, node.Assigned);
                    Assert.DoesNotContain(name, node.Moving);
                    Assert.True(node.Ledger[name].IsOurs);
                    Assert.True(Now - node.Ledger[name].UsedAt >= Settings.Rest);
                });
            }
        }

        Assert.True(went > RandomNodes / 10, $"only {went} of {RandomNodes}: the nodes are not random enough");
    }

    private static NodeImages RandomNode(Random random)
    {
        var images = Enumerable.Range(0, random.Next(12)).Select(i => new ImageSummary(
            $"sha256:{i}", random.Next(4) == 0 ? [$"web:{i}"] : [], Names(random, i), 1, Now)).ToList();
        var names = images.SelectMany(image => image.RepoDigests).ToList();
        return new NodeImages
        {
            Images = images,
            UsedIds = Some(random, images.Select(image => image.Id)),
            Assigned = Some(random, names),
            Moving = Some(random, names),
            Ledger = ImageLedger.None.AddRange(names.Where(_ => random.Next(5) > 0).Select(name =>
                KeyValuePair.Create(name, new ImageEntry(random.Next(5) > 0, Now.AddMinutes(-random.Next(10)))))),
        };
    }

    private static string[] Names(Random random, int i) =>
        [.. Enumerable.Range(0, random.Next(3)).Select(n => $"repo-{n}/{i}@sha256:{i}")];

    private static HashSet<string> Some(Random random, IEnumerable<string> all) =>
        all.Where(_ => random.Next(4) == 0).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Candidates(NodeImages node) =>
        ImageSweep.Candidates(node, Settings, Now).Select(one => one.Id["sha256:".Length..]);

    private static (ImageSummary Image, int UnusedHours) Pulled(string name, int unusedHours) =>
        (new ImageSummary($"sha256:{name}", [], [$"repo/{name}@sha256:{name}"], 1, Now), unusedHours);

    private static NodeImages NodeOf((ImageSummary Image, int UnusedHours)[] images, string[]? ledger = null)
    {
        var ours = images.SelectMany(one => one.Image.RepoDigests.Select(name => (Name: name, one.UnusedHours)))
            .Where(one => ledger is null || ledger.Contains(one.Name));
        return new NodeImages
        {
            Images = [.. images.Select(one => one.Image)], UsedIds = SetOf(), Assigned = SetOf(), Moving = SetOf(),
            Ledger = ImageLedger.None.AddRange(ours.Select(one =>
                KeyValuePair.Create(one.Name, new ImageEntry(true, Now.AddHours(-one.UnusedHours))))),
        };
    }

    private static HashSet<string> SetOf(params string[] names) => names.ToHashSet(StringComparer.Ordinal);
}
