// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>
/// The agents of a plan: what is placed on a ready node serves after a while, what is told to stop has ended after a while, every image is
/// found and is on its nodes, hooks do well, and whoever is asked says yes. What runs now and is not touched stays as it was last
/// seen, be it well or not.
/// </summary>
internal sealed class IdealWorld(PlanAssumptions assumptions)
{
    private readonly SortedDictionary<AllocationId, (DateTimeOffset At, bool IsStop)> due = [];
    private readonly SortedSet<(DateTimeOffset At, AllocationId Id)> order = [];

    /// <summary>When something happens next; null: never.</summary>
    public DateTimeOffset? NextDue => order.Count == 0 ? null : order.Min.At;

    /// <summary>Takes up everything that is under way in the state.</summary>
    public void Begin(ClusterState state, DateTimeOffset now)
    {
        foreach (var live in state.LiveByNode.Values)
            foreach (var id in live) Look(state, state.Find(id)!, now);
    }

    /// <summary>Takes up what a turn has written.</summary>
    public void Take(ClusterState state, ImmutableArray<StateChange> changes, DateTimeOffset now)
    {
        foreach (var put in changes.OfType<StateChange.PutAllocations>())
            foreach (var record in ActionRecorder.RecordsOf(state, put)) Look(state, record, now);
    }

    /// <summary>What is said now: what is due of the agents, and answers to all questions.</summary>
    public List<ClusterEvent> Happening(ClusterState state, DateTimeOffset now)
    {
        var events = new List<ClusterEvent>();
        foreach (var query in state.ImageQueries.Values)
            foreach (var node in query.AskedNodes.Where(node => !query.Answers.ContainsKey(node)))
                events.Add(new ClusterEvent.ImageAnswered(node, query.Number, AnswerOf(state, query, node)));
        foreach (var pull in state.ImagePulls.Values)
            foreach (var node in pull.Nodes.Where(node => pull.WaitsFor(node) && IsReady(state, node)))
                events.Add(new ClusterEvent.ImagePulled(node, pull.Number, new PullAnswer(PullState.Present, 0, null)));
        events.AddRange(IdealGates.Answers(state, now));
        var reports = new SortedDictionary<NodeId, List<AllocationReport>>();
        while (order.Count > 0 && order.Min.At <= now)
        {
            var id = order.Min.Id;
            var isStop = due[id].IsStop;
            Drop(id);
            if (state.Find(id) is not { IsLive: true } record) continue;
            if (!reports.TryGetValue(record.Node, out var mine)) reports[record.Node] = mine = [];
            mine.Add(new AllocationReport(id, isStop ? Stopped(now)
                : HookSlot.IsHook(id.Slot) ? Done(now)
                : IdealJobs.IsAwaited(state, record) ? IdealJobs.Completed(now) : Running(state, record, now)));
        }

        foreach (var news in IdealNames.Of(state))
        {
            if (!reports.TryGetValue(state.Find(news.Id)!.Node, out var mine)) reports[state.Find(news.Id)!.Node] = mine = [];
            if (!mine.Exists(one => one.Id == news.Id)) mine.Add(news);
        }

        foreach (var (node, mine) in reports)
            if (state.NodeObservations.TryGetValue(node, out var seen))
                events.Add(new ClusterEvent.AgentReported(node, seen.SessionNumber, seen.EngineUp, null, [.. mine]));
        return events;
    }

    private void Look(ClusterState state, AllocationRecord record, DateTimeOffset now)
    {
        if (!record.IsLive || !IsReady(state, record.Node)) return;
        var seen = state.Observations.GetValueOrDefault(record.Id);
        var spec = SpecOf(state, record);
        if (record.IsWanted)
        {
            var isComing = HookSlot.IsHook(record.Id.Slot) ? seen?.HasEnded != true : IsComing(seen);
            if (isComing && !due.ContainsKey(record.Id)) Note(record.Id, now + StartOf(record, spec), isStop: false);
            return;
        }

        if (seen?.HasEnded == true || (due.TryGetValue(record.Id, out var noted) && noted.IsStop)) return;
        var runs = seen?.State is AllocationState.Running or AllocationState.Starting;
        Note(record.Id, runs ? now + assumptions.StopOf(spec) : now, isStop: true);
    }

    /// <summary>Until it serves, or, of a hook, until it has ended.</summary>
    private TimeSpan StartOf(AllocationRecord record, ServiceSpec spec) =>
        assumptions.StartOf(spec) + (HookSlot.IsHook(record.Id.Slot) ? assumptions.Hook : TimeSpan.Zero);

    /// <summary>Nothing is known of it yet, or it is on its way up and nothing is wrong.</summary>
    private static bool IsComing(AllocationObservation? seen) => seen is null
        || (seen.Reason is null && (seen.State < AllocationState.Running || (seen.State == AllocationState.Running
            && seen.Health == HealthState.Unknown)));

    private void Note(AllocationId id, DateTimeOffset at, bool isStop)
    {
        Drop(id);
        due[id] = (at, isStop);
        order.Add((at, id));
    }

    private void Drop(AllocationId id)
    {
        if (due.Remove(id, out var noted)) order.Remove((noted.At, id));
    }

    private static bool IsReady(ClusterState state, NodeId node) =>
        state.NodeObservations.GetValueOrDefault(node)?.State == NodeState.Ready;

    private static ServiceSpec SpecOf(ClusterState state, AllocationRecord record) =>
        HookTemplate.ForSlot(state.Revisions[record.Id.Service][record.Revision].Spec, record.Id.Slot);

    private static AllocationObservation Running(ClusterState state, AllocationRecord record, DateTimeOffset now) => new()
    {
        State = AllocationState.Running, Health = PlanAssumptions.HealthOf(state, record, SpecOf(state, record)), ChangedAt = now,
    };

    private static AllocationObservation Stopped(DateTimeOffset now) =>
        new() { State = AllocationState.Stopped, Health = HealthState.None, ChangedAt = now, Finished = true };

    private static AllocationObservation Done(DateTimeOffset now) => Stopped(now) with { State = AllocationState.Completed, ExitCode = 0 };

    /// <summary>What it meant last stands: whether its tag has moved, only the registry knows.</summary>
    private static ImageAnswer AnswerOf(ClusterState state, ImageQuery query, NodeId node)
    {
        var known = state.Revisions[query.Service].Values.LastOrDefault(revision =>
            revision.Image is not null && revision.Spec.Container.Image == query.Image)?.Image;
        if (known is { IsLocal: true }) return new ImageAnswer("", known.Nodes.Contains(node) ? known.ImageId : "", null);
        var digest = known?.Digest ?? "sha256:planned";
        return new ImageAnswer(query.RegistryNodes.Contains(node) ? digest : "", "", null);
    }
}
