// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>
/// Before an update touches a container, the nodes that will need its image have it: they are asked, those without pull, so many at once,
/// and the first that can not ends the rollout with nothing stopped and nothing started. A new leader asks again, unless a replica of the
/// rollout is there: then all have been asked.
/// </summary>
internal static class ImagePulls
{
    private const long PresentScore = 1L << 44;

    public static void Plan(ServiceDraft draft)
    {
        var pull = Of(draft.Turn.State, draft.Service.Id);
        var isNeeded = IsNeeded(draft);
        if (pull is not null && (!isNeeded || pull.Rollout != draft.Rollout.Number))
        {
            Drop(draft, pull);
            pull = null;
        }

        if (!isNeeded || (pull is { IsDone: true } && !IsAnyBack(draft, pull with { IsDone = false }))) return;
        draft.IsWaitingForPulls = true;
        if (pull is null && ImageResolution.FailUnplaceable(draft)) return;
        Judge(draft, pull is null ? Ask(draft) : pull with { IsDone = false });
    }

    /// <summary>The service's; null: none is asked for.</summary>
    public static ImagePull? Of(ClusterState state, ServiceId service) =>
        state.ImagePulls.IsEmpty ? null : state.ImagePulls.Values.FirstOrDefault(pull => pull.Service == service);

    /// <summary>Nobody waits for it any more.</summary>
    public static void Drop(ServiceDraft draft)
    {
        if (Of(draft.Turn.State, draft.Service.Id) is { } pull) Drop(draft, pull);
    }

    /// <summary>How far they are, as a number that grows with each step forward.</summary>
    public static long ScoreOf(ServiceDraft draft)
    {
        if (Of(draft.Turn.State, draft.Service.Id) is not { } pull) return 0;
        return pull.Answers.Values.Sum(answer => answer.IsSettled ? PresentScore : Math.Clamp(answer.Progress, 0, PresentScore - 1));
    }

    /// <summary>What an operator would want to know first of a pull that does not move, and on which node.</summary>
    public static (string Text, string Node) MostTelling(ServiceDraft draft)
    {
        var pull = Of(draft.Turn.State, draft.Service.Id);
        if (pull is null || pull.Nodes.Where(node => IsOpen(draft, pull, node)).OrderByDescending(pull.Pulling.Contains).ToList()
            is not [var first, ..] open) return ("the image is not on its nodes yet", "");
        var name = draft.Turn.NodeName(first);
        var others = open.Count == 1 ? "" : $" and {open.Count - 1} more";
        var far = pull.Answers.GetValueOrDefault(first)?.Progress is > 0 and var bytes ? $" ({Amounts.Bytes(bytes)} so far)" : "";
        return ($"{name}{others} did not finish pulling image {draft.Target.Spec.Container.Image}{far}", name);
    }

    /// <summary>Not ready, but only since a moment: an agent restarts.</summary>
    public static bool WasHereJustNow(ServiceDraft draft, NodeObservation seen) =>
        seen.State != NodeState.Down && draft.Now < seen.StateSince + draft.Turn.Timings.PullAwayGrace;

    /// <summary>Something of the service runs that the rollout would replace, and nothing of the rollout does yet.</summary>
    private static bool IsNeeded(ServiceDraft draft)
    {
        if (!draft.IsRunning || draft.Rollout.IsGoingBack || draft.Target.Image is not { IsLocal: false }) return false;
        if (draft.From is not { Image: not null } from || from.SameTemplate(draft.Target)) return false;
        var isAnyWanted = false;
        foreach (var record in draft.Editor.Slots.Values.SelectMany(records => records))
        {
            // Of just this revision: one with an equal template may only have moved, and that began nothing.
            if (record.CreatedAt >= draft.Rollout.StartedAt && record.Revision == draft.Target.Number) return false;
            // The colour that is wanted runs already, and only the name does not lead to it.
            if (record.IsWanted && draft.Service.Untold.Contains(record.Revision)
                && draft.Revisions.TryGetValue(record.Revision, out var own)
                && own.SameTemplate(draft.Target)) return false;
            isAnyWanted |= record.IsWanted;
        }

        return isAnyWanted;
    }

    /// <summary>While nothing is touched, who comes back, or comes to hold a replica, is asked too.</summary>
    private static bool IsAnyBack(ServiceDraft draft, ImagePull pull) =>
        pull.Nodes.Any(node => IsOpen(draft, pull, node)) || PullTargets.Late(draft, pull).Any();

    private static ImagePull Ask(ServiceDraft draft)
    {
        var turn = draft.Turn;
        var nodes = PullTargets.Of(draft);
        var pull = new ImagePull
        {
            Number = turn.State.NextImageQuery, Service = draft.Service.Id, Rollout = draft.Rollout.Number,
            Image = draft.Target.Image!.Pinned, Nodes = nodes, Pulling = [.. nodes.Take(EngineLimits.NodesPullingAtOnce)],
        };
        turn.State = turn.State with { NextImageQuery = pull.Number + 1 };
        return Put(draft, pull);
    }

    private static void Judge(ServiceDraft draft, ImagePull pull)
    {
        foreach (var (node, answer) in pull.Answers)
        {
            if (draft.IsPaused || answer is not { State: PullState.Failed, Failure: { } failure }) continue;
            var name = draft.Turn.NodeName(node);
            RolloutEnding.Fail(draft, ImageRefusal.Told(failure, draft.Target.Spec.Container.Image, name), null, name);
            Drop(draft, pull);
            return;
        }

        pull = pull with { Nodes = pull.Nodes.Union(PullTargets.Late(draft, pull)) };
        var open = pull.Nodes.Where(node => IsOpen(draft, pull, node)).ToList();
#if MUTANTS
        if (MutantSwitch.Is(Mutant.TouchBeforePull)) open.Clear();
#endif
        // A failed one is open no more, and a paused rollout is not judged: it waits until it goes on.
        if (open.Count == 0 && pull.Answers.Values.All(answer => answer.State != PullState.Failed))
        {
            Put(draft, pull with { IsDone = true });
            draft.IsWaitingForPulls = false;
            // What no node took so far was of the old revision: how long that was so says nothing of the new one.
            draft.Turn.State = draft.Turn.State with { Gaps = draft.Turn.State.Gaps.Remove(draft.Service.Id) };
            return;
        }

        var free = EngineLimits.NodesPullingAtOnce - open.Count(pull.Pulling.Contains);
        var next = open.Where(node => !pull.Pulling.Contains(node)).Take(Math.Max(0, free)).ToList();
        Put(draft, pull with { Pulling = pull.Pulling.Union(next) });
        // A node may go, and nobody tells the services of which it has nothing.
        draft.LookAgain(draft.Now + draft.Turn.Timings.PullAwayGrace);
    }

    /// <summary>Its answer is waited for. Who has gone will not answer.</summary>
    private static bool IsOpen(ServiceDraft draft, ImagePull pull, NodeId node) => pull.WaitsFor(node)
        && draft.Turn.State.NodeObservations.GetValueOrDefault(node) is { } seen
        && (seen.State == NodeState.Ready ? seen.CanPull : WasHereJustNow(draft, seen));

    private static ImagePull Put(ServiceDraft draft, ImagePull pull)
    {
        draft.Turn.State = draft.Turn.State with { ImagePulls = draft.Turn.State.ImagePulls.SetItem(pull.Number, pull) };
        return pull;
    }

    private static void Drop(ServiceDraft draft, ImagePull pull) =>
        draft.Turn.State = draft.Turn.State with { ImagePulls = draft.Turn.State.ImagePulls.Remove(pull.Number) };
}
