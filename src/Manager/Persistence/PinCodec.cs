// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Persistence;

/// <summary>Images that stay, to and from their stored messages.</summary>
internal static class PinCodec
{
    public static V1.StoredPin ToStored(PinRecord pin) => new()
    {
        Image = pin.Image, Digest = pin.Digest, CreatedBy = pin.CreatedBy, CreatedUnixMs = RecordCodec.Unix(pin.CreatedAt),
    };

    public static PinRecord ToRecord(V1.StoredPin stored) => new()
    {
        Image = stored.Image, Digest = stored.Digest, CreatedBy = stored.CreatedBy, CreatedAt = RecordCodec.Time(stored.CreatedUnixMs),
    };
}
