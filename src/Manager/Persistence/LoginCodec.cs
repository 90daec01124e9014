// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Persistence;

/// <summary>Credentials of registries to and from their stored messages; they stay sealed.</summary>
internal static class LoginCodec
{
    public static V1.StoredRegistryLogin ToStored(RegistryLoginRecord login) => new()
    {
        Registry = login.Registry, Username = login.Username, Sealed = ByteString.CopyFrom(login.Sealed.Span), Helper = login.Helper,
        CreatedBy = login.CreatedBy, CreatedUnixMs = RecordCodec.Unix(login.CreatedAt),
    };

    public static RegistryLoginRecord ToRecord(V1.StoredRegistryLogin stored) => new()
    {
        Registry = stored.Registry, Username = stored.Username, Sealed = stored.Sealed.ToByteArray(), Helper = stored.Helper,
        CreatedBy = stored.CreatedBy, CreatedAt = RecordCodec.Time(stored.CreatedUnixMs),
    };
}
