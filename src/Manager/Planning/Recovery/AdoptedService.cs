// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Mutations;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Recovery;

/// <summary>
/// The record of a service whose replicas were found on nodes. Agents know what runs, not how many were wanted: the highest slot found and
/// the spec's own number are taken, whichever is more, since one replica too many is easier to bear than one too few.
/// </summary>
internal static class AdoptedService
{
    public static ServiceRecord Of(
        ClusterState state, ServiceId id, ImmutableArray<HeldAllocation> found, DateTimeOffset now, string actor)
    {
        var newest = found.MaxBy(one => one.Revision)!;
        var slots = newest.Spec.IsGlobal() ? 0 : found.Max(one => one.Id.Slot);
        return state.Services.TryGetValue(id, out var known) ? Later(known, newest, slots, now, actor)
            : New(id, newest, slots, found.Select(one => one.Revision).Distinct().Count() == 1, now, actor);
    }

    private static ServiceRecord Later(ServiceRecord known, HeldAllocation newest, int slots, DateTimeOffset now, string actor)
    {
        var service = known with { Replicas = Math.Max(known.Replicas, slots), UpdatedAt = now };
        if (newest.Revision <= known.Revision) return service;
        return ServiceChange.Begin(service, newest.Revision, newest.Spec.ProgressDeadline, now, actor) with
        {
            Revision = newest.Revision,
            NextRevision = Math.Max(known.NextRevision, newest.Revision + 1),
        };
    }

    private static ServiceRecord New(
        ServiceId id, HeldAllocation newest, int slots, bool isOneRevision, DateTimeOffset now, string actor) => new()
    {
        Id = id,
        Name = newest.Spec.Name,
        Revision = newest.Revision,
        Replicas = newest.Spec.IsGlobal() ? 0 : Math.Max(newest.Spec.Replicas ?? 1, slots),
        NextRevision = newest.Revision + 1,
        Rollout = new RolloutRecord
        {
            Number = 1, State = isOneRevision ? RolloutState.Succeeded : RolloutState.Running, ToRevision = newest.Revision,
            StartedAt = now, EndedAt = isOneRevision ? now : null, Deadline = newest.Spec.ProgressDeadline, Actor = actor,
        },
        CreatedAt = now,
        CreatedBy = actor,
        UpdatedAt = now,
    };
}
