// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Releases;

/// <summary>Whether a service is as far as those that depend on it wait for. What was not applied yet never is.</summary>
internal static class DependencyWatch
{
    /// <summary>The dependency that the service still waits for, the first by name; null: it can be applied.</summary>
    public static string? WaitsFor(ClusterState state, ReleaseEntry entry, ServiceSpec spec)
    {
        foreach (var (name, condition) in spec.DependsOn)
            if (!Holds(state, entry, name, condition)) return name;
        return null;
    }

    /// <summary>The condition holds of the service as the release wants it.</summary>
    public static bool Holds(ClusterState state, ReleaseEntry entry, string name, DependencyCondition condition)
    {
        // Who was left out by the release's author can not be waited for: acceptance refuses it.
        if (entry.Members.GetValueOrDefault(name) is not { } member) return true;
        if (member.State is ReleaseMemberState.Waiting or ReleaseMemberState.Due) return false;
        if (state.Find(new ServiceName(entry.Stack, name)) is not { IsRemoving: false } service) return false;
        return condition switch
        {
            DependencyCondition.Healthy => IsSettled(service) && AreAll(state, service, state.IsAvailable),
            DependencyCondition.Completed => AreAll(state, service, record => record.Ended == AllocationState.Completed),
            _ => AreAll(state, service, record => HasStarted(state, record)),
        };
    }

    /// <summary>
    /// The replica that has ended for good and not well: the service will never be complete; null: none. One that ended before the newest
    /// rollout is tried again by it.
    /// </summary>
    public static AllocationRecord? FailedOf(ClusterState state, ServiceRecord service) => Newest(state, service)
        .FirstOrDefault(record => record.Ended is AllocationState.Failed or AllocationState.Rejected
            && record.Desired <= DesiredState.Run && record.EndedAt >= service.Rollout.StartedAt && IsOfWanted(state, service, record));

    // Its verdict is given: the replicas have been good for their window.
    private static bool IsSettled(ServiceRecord service) => service.Rollout.State == RolloutState.Succeeded
        || service.Rollout is { IsGoingBack: true, State: RolloutState.RolledBack or RolloutState.Aborted };

    private static bool HasStarted(ClusterState state, AllocationRecord record) =>
        record.Ended == AllocationState.Completed
        || (record.IsWanted && state.Observations.GetValueOrDefault(record.Id)?.State is AllocationState.Running
            or AllocationState.Completed);

    /// <summary>Every wanted replica is there in the wanted template, and it holds of it; what is complete is well too.</summary>
    private static bool AreAll(ClusterState state, ServiceRecord service, Func<AllocationRecord, bool> holds)
    {
        if (state.Gaps.ContainsKey(service.Id)) return false;
        var count = 0;
        foreach (var record in Newest(state, service).Where(record => IsOfWanted(state, service, record)))
            if (holds(record) || record.Ended == AllocationState.Completed) count++;
        return count >= Wanted(state, service);
    }

    /// <summary>What fills each replica's slot: its newest allocation that is wanted or ended by itself.</summary>
    private static IEnumerable<AllocationRecord> Newest(ClusterState state, ServiceRecord service) =>
        state.Allocations.GetValueOrDefault(service.Id, SlotMap.Empty).BySlot.Where(slot => !HookSlot.IsHook(slot.Key))
            .Select(slot => slot.Value.LastOrDefault(record => record.Desired <= DesiredState.Run)).OfType<AllocationRecord>();

    private static bool IsOfWanted(ClusterState state, ServiceRecord service, AllocationRecord record)
    {
        var revisions = state.Revisions[service.Id];
        return revisions.TryGetValue(record.Revision, out var revision)
            && revision.SameTemplate(revisions[service.Rollout.WantedRevision]);
    }

    // A global service wants one on each node that fits: where no gap is known, each that there is counts.
    private static int Wanted(ClusterState state, ServiceRecord service) =>
        state.GlobalServices.Contains(service.Id)
            ? Math.Max(1, Newest(state, service).Count(record => record.IsWanted)) : service.Replicas;
}
