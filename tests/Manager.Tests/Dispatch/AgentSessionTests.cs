// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;
using Kind = ClusterManager.Wire.V1.Assignments.Types.Kind;

namespace ClusterManager.Manager.Tests.Dispatch;

/// <summary>What an agent is told, in which order, and when its session ends.</summary>
public sealed class AgentSessionTests
{
    private static readonly ServiceId Web = new(1);

    [Fact]
    public async Task Complete_comes_first_and_then_what_changes()
    {
        await using var fixture = new SessionFixture().Start();
        await fixture.UntilAsync("COMPLETE", () => fixture.Agent.Assignments.Count == 1);
        var complete = fixture.Agent.Assignments[0];
        Assert.Equal(Kind.Complete, complete.Kind);
        Assert.Equal(States.Cluster.ToString(), complete.ClusterId);
        Assert.Single(complete.Upserts);
        Assert.Equal(V1.ManagerMessage.BodyOneofCase.ClusterMap, fixture.Agent.Told[0].BodyCase);

        fixture.Publish(fixture.State.Holding(Web, States.Allocation(1, 1), States.Allocation(2, 1)));
        await fixture.UntilAsync("INCREMENTAL", () => fixture.Agent.Assignments.Count == 2);
        var incremental = fixture.Agent.Assignments[1];
        Assert.Equal(Kind.Incremental, incremental.Kind);
        Assert.Equal(complete.ToVersion, incremental.FromVersion);
        Assert.Equal(2, Assert.Single(incremental.Upserts).Id.Slot);
    }

    [Fact]
    public async Task What_is_kept_is_answered_behind_a_fresh_fence_only()
    {
        await using var fixture = new SessionFixture().Start();
        await fixture.UntilAsync("COMPLETE", () => fixture.Agent.Assignments.Count == 1);
        var kept = $"registry.test:5000/web@{fixture.State.Revisions[Web].Values.Last().Image!.Digest}";
        fixture.Agent.Say(Asking(1, kept, "registry.test:5000/web@sha256:gone"));
        await fixture.UntilAsync("an answer", () => Answers(fixture).Count == 1);
        Assert.Equal([kept], Answers(fixture)[0].Kept);
        fixture.Session.Take(Asking(2, [.. Many()]));
        fixture.Time.Advance(TimeSpan.FromSeconds(1.6));
        fixture.Session.Take(Asking(3, kept));
        await fixture.PassAsync(TimeSpan.FromSeconds(2));
        Assert.Single(Answers(fixture));
    }

    private static V1.AgentMessage Asking(long number, params string[] images) =>
        new() { KeepQuestion = new V1.KeepQuestion { Request = number, Revisions = 3, Images = { images } } };

    private static IEnumerable<string> Many() => Enumerable.Range(0, 513).Select(number => $"web@sha256:{number}");

    private static List<V1.KeepAnswer> Answers(SessionFixture fixture) =>
        [.. fixture.Agent.Told.Select(one => one.KeepAnswer).OfType<V1.KeepAnswer>()];

    [Fact]
    public async Task What_does_not_concern_the_node_is_not_sent()
    {
        await using var fixture = new SessionFixture().Start();
        await fixture.UntilAsync("COMPLETE", () => fixture.Agent.Assignments.Count == 1);
        fixture.Publish(fixture.State.Holding(Web, States.Allocation(1, 1), States.Allocation(2, 2)));
        await fixture.PassAsync(TimeSpan.FromSeconds(2));
        Assert.Single(fixture.Agent.Assignments);
    }

    [Fact]
    public async Task A_gap_is_repaired_by_a_complete_though_nothing_changes()
    {
        await using var fixture = new SessionFixture().Start();
        await fixture.UntilAsync("COMPLETE", () => fixture.Agent.Assignments.Count == 1);
        await fixture.PassAsync(TimeSpan.FromSeconds(1));
        fixture.Agent.Say(new V1.AgentMessage { Applied = new V1.AssignmentsApplied { NeedComplete = true } });
        await fixture.UntilAsync("COMPLETE again", () => fixture.Agent.Assignments.Count == 2);
        Assert.Equal(Kind.Complete, fixture.Agent.Assignments[1].Kind);
        Assert.Equal(fixture.Agent.Assignments[0].Upserts, fixture.Agent.Assignments[1].Upserts);
    }

    [Fact]
    public async Task An_image_is_asked_for_once_again_when_it_is_the_nodes_turn_and_no_more_when_nobody_waits()
    {
        await using var fixture = new SessionFixture().Start();
        await fixture.UntilAsync("COMPLETE", () => fixture.Agent.Assignments.Count == 1);
        var pull = new ImagePull
        {
            Number = 7, Service = Web, Rollout = 2, Image = "registry.test:5000/web@sha256:2",
            Nodes = [ModelCluster.Id(1), ModelCluster.Id(2)], Pulling = [ModelCluster.Id(2)],
        };
        fixture.Publish(With(fixture.State, pull));
        await fixture.UntilAsync("the question", () => Pulls().Count == 1);
        Assert.Equal((7, pull.Image, false), (Pulls()[0].Request, Pulls()[0].Image, Pulls()[0].Pull));
        pull = pull with { Answers = pull.Answers.Add(ModelCluster.Id(1), new PullAnswer(PullState.Absent, 0, null)) };
        fixture.Publish(With(fixture.State, pull));
        await fixture.PassAsync(TimeSpan.FromSeconds(1));
        fixture.Publish(With(fixture.State, pull with { Pulling = pull.Nodes }));
        await fixture.UntilAsync("its turn", () => Pulls().Count == 2);
        Assert.True(Pulls()[1].Pull);
        fixture.Publish(fixture.State with { ImagePulls = fixture.State.ImagePulls.Clear() });
        await fixture.UntilAsync("the end", () => fixture.Agent.Told.Any(one => one.PullCancel?.Request == 7));

        List<V1.PullImage> Pulls() => [.. fixture.Agent.Told.Select(one => one.PullImage).Where(one => one is not null)];

        static ClusterState With(ClusterState state, ImagePull pull) => state with { ImagePulls = state.ImagePulls.SetItem(7, pull) };
    }

    [Fact]
    public async Task Heartbeats_come_every_half_second()
    {
        await using var fixture = new SessionFixture().Start();
        await fixture.UntilAsync("the first", () => fixture.Agent.Heartbeats >= 1);
        var before = fixture.Agent.Heartbeats;
        await fixture.PassAsync(TimeSpan.FromSeconds(5));
        Assert.InRange(fixture.Agent.Heartbeats - before, 8, 11);
    }

    [Fact]
    public async Task Silence_ends_the_session()
    {
        await using var fixture = new SessionFixture().Start();
        var began = fixture.Time.Elapsed;
        await fixture.Time.AdvanceUntilAsync("it ends", () => fixture.Running.IsCompleted, TimeSpan.FromSeconds(4));
        Assert.Contains("silent", await fixture.Running, StringComparison.Ordinal);
        Assert.InRange(fixture.Time.Elapsed - began, TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Any_message_breaks_the_silence()
    {
        await using var fixture = new SessionFixture().Start();
        await fixture.PassAsync(TimeSpan.FromSeconds(6));
        Assert.False(fixture.Running.IsCompleted);
    }

    [Fact]
    public async Task Behind_a_stale_fence_only_heartbeats_are_sent()
    {
        await using var fixture = new SessionFixture().Start();
        var end = fixture.Time.Elapsed + TimeSpan.FromSeconds(2);
        await fixture.Time.AdvanceUntilAsync(
            "two seconds pass",
            () =>
            {
                fixture.Agent.Beat();
                return fixture.Time.Elapsed >= end;
            },
            TimeSpan.FromSeconds(3));
        Assert.Empty(fixture.Agent.Assignments);
        Assert.InRange(fixture.Agent.Heartbeats, 3, 5);
        await fixture.UntilAsync("it is sent behind a fresh one", () => fixture.Agent.Assignments.Count == 1);
    }

    [Fact]
    public async Task A_removed_node_is_told_and_its_session_ends()
    {
        await using var fixture = new SessionFixture().Start();
        await fixture.UntilAsync("COMPLETE", () => fixture.Agent.Assignments.Count == 1);
        fixture.Publish(fixture.State with { Nodes = fixture.State.Nodes.Remove(ModelCluster.Id(1)) });
        await fixture.UntilAsync("it ends", () => fixture.Running.IsCompleted);
        Assert.Contains("removed", await fixture.Running, StringComparison.Ordinal);
        Assert.Equal(V1.Rejected.Types.Cause.NodeUnknown, fixture.Agent.Told[^1].Rejected.Cause);
    }

    [Fact]
    public async Task An_agent_that_does_not_read_stops_nobody_and_its_reports_arrive()
    {
        await using var fixture = new SessionFixture();
        fixture.Agent.StopReading();
        fixture.Start();
        fixture.ProveFence();
        for (var i = 0; i < 100; i++)
            fixture.Publish(fixture.State.Holding(Web, States.Allocation(1, 1), States.Allocation(2, 1 + (i % 2))));
        fixture.Agent.Say(new V1.AgentMessage { Status = new V1.StatusReport { EngineUp = true } });
        await fixture.UntilAsync("the report is posted", () => fixture.MailboxDepth >= 1);
        Assert.False(fixture.Running.IsCompleted);
        Assert.Empty(fixture.Agent.Told);
        fixture.Session.Close("the test is over");
        Assert.Equal("the test is over", await fixture.Running.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task The_agents_end_of_the_stream_ends_the_session()
    {
        await using var fixture = new SessionFixture().Start();
        fixture.Agent.HangUp();
        Assert.Equal("the agent ended it", await fixture.Running.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_newer_session_of_the_node_ends_the_older()
    {
        await using var older = new SessionFixture().Start();
        await using var newer = new SessionFixture().Start();
        var registry = new SessionRegistry();
        Assert.True(registry.TryOpen(older.Session));
        Assert.True(registry.TryOpen(newer.Session));
        Assert.Contains("newer", await older.Running.WaitAsync(TimeSpan.FromSeconds(10)), StringComparison.Ordinal);
        registry.Remove(older.Session);
        Assert.Same(newer.Session, registry.Find(ModelCluster.Id(1)));

        registry.CloseAll();
        Assert.Equal("the term ended", await newer.Running.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.False(registry.TryOpen(older.Session));
        Assert.Equal(0, registry.Count);
    }

    [Fact]
    public void A_full_outbox_says_so()
    {
        var fixture = new SessionFixture();
        var taken = 0;
        while (fixture.Session.TrySend(new V1.ManagerMessage { LogCancel = new V1.LogCancel { Request = 1 } })) taken++;
        Assert.Equal(64, taken);
    }
}
