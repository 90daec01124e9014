// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Model;

/// <summary>Names one allocation: which service, which slot of it, and the how-many-th to fill that slot.</summary>
/// <param name="Service">The service it belongs to.</param>
/// <param name="Slot">From 1. For a global service it is the node's ordinal (<c>NodeRecord.Ordinal</c>), so the node takes the slot's
/// place.</param>
/// <param name="Generation">From 1, growing over the slot's whole history; it orders allocations of a slot by age.</param>
public readonly record struct AllocationId(ServiceId Service, int Slot, int Generation) : IComparable<AllocationId>
{
    /// <summary>Reads the text form <c>service-slot-generation</c>.</summary>
    /// <returns>False when the text is anything else.</returns>
    public static bool TryParse(string? text, out AllocationId id)
    {
        id = default;
        var parts = text?.Split('-');
        if (parts is not { Length: 3 }) return false;
        if (!long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var service)) return false;
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var slot)) return false;
        if (!int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var generation)) return false;
        id = new AllocationId(new ServiceId(service), slot, generation);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(AllocationId other)
    {
        var byService = Service.CompareTo(other.Service);
        if (byService != 0) return byService;
        var bySlot = Slot.CompareTo(other.Slot);
        return bySlot != 0 ? bySlot : Generation.CompareTo(other.Generation);
    }

    /// <summary>The text form <c>service-slot-generation</c>, for example <c>12-3-1</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Service.Value}-{Slot}-{Generation}");
}
