// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>A fixed port that is free on no node: for good, or only until others have gone.</summary>
internal static class PortGap
{
    private static readonly TimeSpan Rhythm = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The port is free nowhere, and neither because somebody is just stopping, nor because a replica that holds it is being replaced: it
    /// or its successor will go. After a moment's patience that is definite; the progress deadline bounds all else.
    /// </summary>
    public static bool IsDefinite(ServiceDraft draft, Reason gap)
    {
        if (gap.Code is not (ReasonCode.PortTaken or ReasonCode.PortInUse)) return false;
        var before = draft.Turn.State.Gaps.GetValueOrDefault(draft.Service.Id);
        var since = before?.Reason.Code != gap.Code ? draft.Now
            : before.Since > draft.Rollout.StartedAt ? before.Since : draft.Rollout.StartedAt;
        var patience = since + draft.Turn.Timings.PortPatience;
        if (draft.Now < patience)
        {
            draft.LookAgain(patience);
            return false;
        }

        if (gap.Code != ReasonCode.PortInUse || !IsChangingHands(draft)) return true;
        draft.LookAgain(draft.Now + Rhythm);
        return false;
    }

    /// <summary>Another service with one of the ports has two replicas in one slot. Costs a look at each service, and only here.</summary>
    private static bool IsChangingHands(ServiceDraft draft)
    {
        var state = draft.Turn.State;
        var wanted = draft.Target.Spec.Ports.Where(port => port is { Mode: PortMode.Fixed, Published: not null }).ToList();
        foreach (var (service, map) in state.Allocations)
        {
            if (service == draft.Service.Id || !state.Revisions.TryGetValue(service, out var revisions)) continue;
            if (!revisions.Values.Any(revision => Holds(revision.Spec, wanted))) continue;
            if (map.BySlot.Values.Any(records => records.Count(record => record.IsWanted) > 1)) return true;
        }

        return false;
    }

    private static bool Holds(ServiceSpec spec, List<PortSpec> wanted) => spec.Ports.Any(port =>
        port is { Mode: PortMode.Fixed, Published: not null }
        && wanted.Exists(other => new PortHolder(port, "", IsStopping: false).Excludes(other)));
}
