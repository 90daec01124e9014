// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>What the live allocations of a node reserve there. Those that are told to stop count until they have ended.</summary>
internal sealed record NodeUsage
{
    /// <summary>Nothing is reserved.</summary>
    public static NodeUsage None { get; } = new();

    public long CpuNano { get; private init; }

    public long MemoryBytes { get; private init; }

    public int Allocations { get; private init; }

    /// <summary>Fixed ports, in the order of their allocations.</summary>
    public ImmutableArray<PortHolder> Ports { get; private init; } = [];

    /// <summary>Counts a node's live allocations from the state.</summary>
    public static NodeUsage Of(ClusterState state, NodeId node)
    {
        if (!state.LiveByNode.TryGetValue(node, out var live)) return None;
        var (cpu, memory, count) = (0L, 0L, 0);
        ImmutableArray<PortHolder>.Builder? ports = null;
        foreach (var id in live)
        {
            if (state.Find(id) is not { } record || state.IsKept(record)) continue;
            if (!state.Revisions.TryGetValue(id.Service, out var revisions)
                || !revisions.TryGetValue(record.Revision, out var revision)) continue;
            cpu += revision.Spec.Resources.CpuReservationNano ?? 0;
            memory += revision.Spec.Resources.MemoryReservationBytes ?? 0;
            count++;
            if (HookSlot.IsHook(id.Slot)) continue; // it holds no port
            foreach (var port in FixedPorts(revision.Spec))
                (ports ??= ImmutableArray.CreateBuilder<PortHolder>()).Add(
                    new PortHolder(port, $"{revision.Spec.Name.Display}.{id.Slot}", !record.IsWanted));
        }

        return new NodeUsage { CpuNano = cpu, MemoryBytes = memory, Allocations = count, Ports = ports?.ToImmutable() ?? [] };
    }

    /// <summary>What is reserved with one allocation of the spec more.</summary>
    public NodeUsage With(ServiceSpec spec, string holder) => new()
    {
        CpuNano = CpuNano + (spec.Resources.CpuReservationNano ?? 0),
        MemoryBytes = MemoryBytes + (spec.Resources.MemoryReservationBytes ?? 0),
        Allocations = Allocations + 1,
        Ports = Ports.AddRange(FixedPorts(spec).Select(port => new PortHolder(port, holder, false))),
    };

    /// <summary>What is reserved when one allocation of the spec has gone.</summary>
    public NodeUsage Without(ServiceSpec spec, string holder) => new()
    {
        CpuNano = CpuNano - (spec.Resources.CpuReservationNano ?? 0),
        MemoryBytes = MemoryBytes - (spec.Resources.MemoryReservationBytes ?? 0),
        Allocations = Allocations - 1,
        Ports = Ports.RemoveAll(one => one.Name == holder),
    };

    /// <summary>Who holds the port on an overlapping address; null: nobody.</summary>
    public PortHolder? HolderOf(PortSpec port)
    {
        if (port.Published is null) return null;
        foreach (var holder in Ports)
            if (holder.Excludes(port)) return holder;
        return null;
    }

    /// <summary>Equal numbers and ports: an index that was kept up is held to one that is counted anew.</summary>
    public bool Equals(NodeUsage? other) =>
        other is not null && CpuNano == other.CpuNano && MemoryBytes == other.MemoryBytes && Allocations == other.Allocations
        && Ports.SequenceEqual(other.Ports);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(CpuNano, MemoryBytes, Allocations);

    private static IEnumerable<PortSpec> FixedPorts(ServiceSpec spec) =>
        spec.Ports.IsEmpty ? [] : spec.Ports.Where(port => port is { Mode: PortMode.Fixed, Published: not null });
}
