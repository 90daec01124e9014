// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Persistence;

/// <summary>What is remembered of following an image to and from its stored message. Nothing remembered is nothing stored.</summary>
internal static class TrackingCodec
{
    public static V1.StoredTracking? ToStored(TrackingRecord tracking)
    {
        if (tracking is { Seen: "", Asked: "", Bad.IsEmpty: true }) return null;
        var stored = new V1.StoredTracking { Seen = tracking.Seen, Asked = tracking.Asked };
        stored.Bad.AddRange(tracking.Bad.Select(bad => new V1.StoredBadDigest { Digest = bad.Digest, UnixMs = RecordCodec.Unix(bad.At) }));
        return stored;
    }

    public static TrackingRecord ToRecord(V1.StoredTracking? stored) => stored is null ? TrackingRecord.Empty : new TrackingRecord
    {
        Seen = stored.Seen, Asked = stored.Asked,
        Bad = [.. stored.Bad.Select(bad => new BadDigest(bad.Digest, RecordCodec.Time(bad.UnixMs)))],
    };
}
