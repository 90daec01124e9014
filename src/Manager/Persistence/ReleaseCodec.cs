// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Persistence;

/// <summary>Entries of the history of releases to and from their stored messages.</summary>
internal static class ReleaseCodec
{
    public static V1.StoredReleaseEntry ToStored(ReleaseEntry entry)
    {
        var stored = new V1.StoredReleaseEntry
        {
            Stack = entry.Stack, Number = entry.Number, State = (V1.ReleaseState)entry.State, Actor = entry.Actor,
            CreatedUnixMs = RecordCodec.Unix(entry.CreatedAt), MovedUnixMs = RecordCodec.Unix(entry.MovedAt),
            EndedUnixMs = entry.EndedAt is { } end ? RecordCodec.Unix(end) : 0, Keeps = entry.Keeps, RollbackOf = entry.RollbackOf,
            Failed = entry.Failed, Reason = RecordCodec.ToStored(entry.Reason),
            RollbackReason = RecordCodec.ToStored(entry.RollbackReason),
        };
        stored.Members.AddRange(entry.Members.Values.Select(ToStored));
        return stored;
    }

    public static ReleaseEntry ToRecord(V1.StoredReleaseEntry stored) => new()
    {
        Stack = stored.Stack, Number = stored.Number, State = (ReleaseState)stored.State, Actor = stored.Actor,
        CreatedAt = RecordCodec.Time(stored.CreatedUnixMs), MovedAt = RecordCodec.Time(stored.MovedUnixMs),
        EndedAt = stored.EndedUnixMs == 0 ? null : RecordCodec.Time(stored.EndedUnixMs), Keeps = stored.Keeps,
        RollbackOf = stored.RollbackOf, Failed = stored.Failed, Reason = RecordCodec.ToRecord(stored.Reason),
        RollbackReason = RecordCodec.ToRecord(stored.RollbackReason),
        Members = stored.Members.Select(ToRecord).ToImmutableSortedDictionary(
            member => member.Name, member => member, StringComparer.Ordinal),
    };

    private static V1.StoredReleaseMember ToStored(ReleaseMember member) => new()
    {
        Name = member.Name, State = (V1.ReleaseMemberState)member.State, ServiceId = member.Service.Value, Revision = member.Revision,
        Rollout = member.Rollout, Made = member.IsMade, FromRevision = member.FromRevision, FromReplicas = member.FromReplicas,
        Digest = member.Digest,
    };

    private static ReleaseMember ToRecord(V1.StoredReleaseMember stored) => new()
    {
        Name = stored.Name, State = (ReleaseMemberState)stored.State, Service = new ServiceId(stored.ServiceId),
        Revision = stored.Revision, Rollout = stored.Rollout, IsMade = stored.Made, FromRevision = stored.FromRevision,
        FromReplicas = stored.FromReplicas, Digest = stored.Digest,
    };
}
