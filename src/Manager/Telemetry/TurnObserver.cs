// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Telemetry;

/// <summary>Finds in a turn what is worth counting: only what the turn touched is looked at.</summary>
internal static class TurnObserver
{
    /// <summary>Counts rollouts that ended and replicas that began to serve.</summary>
    /// <param name="before">The state before the turn.</param>
    /// <param name="after">The state after it, committed.</param>
    /// <param name="events">What the turn took in.</param>
    /// <param name="changes">What it committed.</param>
    /// <param name="now">The turn's time.</param>
    public static void Observe(
        ClusterState before, ClusterState after, IReadOnlyList<ClusterEvent> events, ImmutableArray<StateChange> changes,
        DateTimeOffset now)
    {
        foreach (var change in changes)
            if (change is StateChange.PutService put) ObserveRollout(before.Services.GetValueOrDefault(put.Service.Id), put.Service);
        if (ReferenceEquals(before.Observations, after.Observations)) return;
        foreach (var happened in events)
            if (happened is ClusterEvent.AgentReported reported)
                foreach (var report in reported.Report) ObserveAllocation(before, after, report.Id, now);
    }

    private static void ObserveRollout(ServiceRecord? before, ServiceRecord after)
    {
        if (after.Rollout.State == RolloutState.Running || after.Rollout.EndedAt is not { } ended) return;
        if (before?.Rollout is { } known && known.Number == after.Rollout.Number && known.State == after.Rollout.State) return;
        var verdict = after.Rollout.State switch
        {
            RolloutState.Succeeded => "succeeded",
            RolloutState.Failed => "failed",
            RolloutState.RolledBack => "rolled_back",
            RolloutState.RollbackFailed => "rollback_failed",
            RolloutState.Aborted => "aborted",
            _ => "superseded",
        };
        ManagerMeter.RolloutEnded(verdict, ended - after.Rollout.StartedAt);
    }

    // Only the first attempt: a restart in place is no placement.
    private static void ObserveAllocation(ClusterState before, ClusterState after, AllocationId id, DateTimeOffset now)
    {
        if (!after.Observations.TryGetValue(id, out var seen) || !seen.IsAvailable || seen.Attempt > 1) return;
        if (before.Observations.TryGetValue(id, out var known) && (known.IsAvailable || known.State > AllocationState.Running)) return;
        // What was placed before this term may have been running all along.
        if (after.Find(id) is not { } record || record.CreatedAt < after.TermStartedAt) return;
        ManagerMeter.BeganToServe(now - record.CreatedAt);
    }
}
