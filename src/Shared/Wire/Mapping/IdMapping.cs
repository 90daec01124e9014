// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Wire;

/// <summary>Ids and versions to and from the wire.</summary>
public static class IdMapping
{
    /// <summary>To the wire.</summary>
    public static V1.AllocationRef ToWire(this AllocationId id) =>
        new() { ServiceId = id.Service.Value, Slot = id.Slot, Generation = id.Generation };

    /// <summary>From the wire; a missing message is the default id.</summary>
    public static AllocationId ToModel(this V1.AllocationRef? wire) =>
        wire is null ? default : new AllocationId(new ServiceId(wire.ServiceId), wire.Slot, wire.Generation);

    /// <summary>To the wire.</summary>
    public static V1.StateVersion ToWire(this StateVersion version) =>
        new() { Incarnation = version.Incarnation, Term = version.Term, Number = version.Number };

    /// <summary>From the wire; a missing message is the oldest version.</summary>
    public static StateVersion ToModel(this V1.StateVersion? wire) =>
        wire is null ? default : new StateVersion(wire.Incarnation, wire.Term, wire.Number);
}
