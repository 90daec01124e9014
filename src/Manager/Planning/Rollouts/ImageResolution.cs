// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.Planning.Scheduling;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>
/// Finds out once for each revision what its image reference means, by asking agents: the registry's digest wins, then the digest of a
/// local
/// copy, then a local image's id with the nodes that have it. When all say no, the rollout fails at once with what the registry said.
/// </summary>
internal static class ImageResolution
{
    public static void Plan(ServiceDraft draft)
    {
        var target = draft.Target;
        var isRetry = ImageRetries.IsWanted(draft);
        DropOthers(draft, isOpen: target.Image is null && (draft.IsRunning || isRetry));
        if (!isRetry) ImageRetries.Forget(draft.Turn, draft.Service.Id);
        if (target.Image is not null || (!draft.IsRunning && !isRetry)) return;
        if (ImageReference.DigestOf(target.Spec.Container.Image) is { Length: > 0 } digest)
        {
            Resolve(draft, new ResolvedImage { Digest = digest, Pinned = ImageReference.Pin(target.Spec.Container.Image, digest) });
            return;
        }

        var query = draft.Turn.State.ImageQueries.Values.FirstOrDefault(query => query.Service == draft.Service.Id);
        if (query is not null) Judge(draft, query);
        else if (!isRetry || ImageRetries.IsDue(draft)) Ask(draft);
    }

    /// <summary>Look-ups of revisions that are no longer wanted, or known by now.</summary>
    private static void DropOthers(ServiceDraft draft, bool isOpen)
    {
        var stale = draft.Turn.State.ImageQueries.Values.Where(query => query.Service == draft.Service.Id
            && (query.Revision != draft.Target.Number || !isOpen)).ToList();
        foreach (var query in stale) Drop(draft, query);
    }

    private static void Drop(ServiceDraft draft, ImageQuery query) =>
        draft.Turn.State = draft.Turn.State with { ImageQueries = draft.Turn.State.ImageQueries.Remove(query.Number) };

    private static void Ask(ServiceDraft draft)
    {
        var turn = draft.Turn;
        var ready = turn.State.Nodes.Values.Where(node => turn.NodeStateOf(node.Id) == NodeState.Ready).ToList();
        if (ready.Count == 0) return; // planned again when a node becomes ready
        var fitting = ready.Where(node => node.Availability == NodeAvailability.Active
            && draft.Target.Spec.Constraints.All(constraint => Scheduling.Filters.ConstraintFilter.Holds(constraint, node))).ToList();
        if (fitting.Count == 0 && FailUnplaceable(draft)) return;
        var query = new ImageQuery
        {
            Number = turn.State.NextImageQuery,
            Service = draft.Service.Id,
            Revision = draft.Target.Number,
            Image = draft.Target.Spec.Container.Image,
            RegistryNodes = [.. (fitting.Count > 0 ? fitting : ready).Take(EngineLimits.RegistryNodesAsked).Select(node => node.Id)],
            AskedNodes = [.. ready.Select(node => node.Id)],
            Deadline = draft.Now + turn.Timings.ImageQueryDeadline,
        };
        turn.State = turn.State with { NextImageQuery = query.Number + 1, ImageQueries = turn.State.ImageQueries.Add(query.Number, query) };
        draft.LookAgain(query.Deadline);
    }

    /// <summary>Without a node that could ever run it, the image does not matter.</summary>
    public static bool FailUnplaceable(ServiceDraft draft)
    {
        if (draft.Target.Spec.IsGlobal() || draft.Service.Replicas == 0) return false;
        var scheduler = new Scheduler(draft.Turn.Nodes, PlacementRequest.For(draft.Turn.State, draft.Target),
            ImmutableSortedDictionary<NodeId, int>.Empty);
        if (scheduler.CouldEverFit()) return false;
        RolloutEnding.Fail(draft, PlacementSummary.Of(scheduler, scheduler.Verdicts(), anyReady: true), null);
        return true;
    }

    private static void Judge(ServiceDraft draft, ImageQuery query)
    {
        var turn = draft.Turn;
        if (ImageVerdict.Digest(query) is { } fromRegistry)
        {
            Resolve(draft, new ResolvedImage { Digest = fromRegistry, Pinned = ImageReference.Pin(query.Image, fromRegistry) });
            return;
        }

        // Who has gone will not answer: what it would have said is left out.
        var isOpen = query.AskedNodes.Any(node => !query.Answers.ContainsKey(node) && turn.NodeStateOf(node) == NodeState.Ready);
        if (isOpen && draft.Now < query.Deadline)
        {
            draft.LookAgain(query.Deadline);
            return;
        }

        if (ImageVerdict.Local(query) is { } local) Resolve(draft, local);
        else if (ImageVerdict.Failure(query) is { } failure) Refused(draft, query, failure.Reason, turn.NodeName(failure.Node));
        else AskAgain(draft, query);
    }

    private static void Refused(ServiceDraft draft, ImageQuery query, Reason reason, string node)
    {
        RolloutEnding.Fail(draft, ImageRefusal.Told(reason, query.Image, node), null, node);
        Drop(draft, query);
        if (ImageRetries.IsWanted(draft)) ImageRetries.IsDue(draft); // the first one notes when to ask again
    }

    /// <summary>No agent said anything of use: the progress deadline bounds how often that may happen.</summary>
    private static void AskAgain(ServiceDraft draft, ImageQuery query)
    {
        Drop(draft, query);
        if (draft.IsRunning) Ask(draft);
        else ImageRetries.IsDue(draft);
    }

    private static void Resolve(ServiceDraft draft, ResolvedImage image)
    {
        var resolved = draft.Target with { Image = image };
        if (!draft.Turn.Budget.TryPut(new StateChange.PutRevision(resolved), SizeEstimate.Of(resolved)))
        {
            draft.IsIncomplete = true;
            return;
        }

        draft.Turn.PutRevision(resolved);
        DropOthers(draft, isOpen: false);
        ImageRetries.Forget(draft.Turn, draft.Service.Id);
    }
}
