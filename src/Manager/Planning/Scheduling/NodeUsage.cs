// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>What the live allocations of a node reserve there. Those that are told to stop count until they have ended.</summary>
internal sealed class NodeUsage
{
    private readonly SortedDictionary<(int Port, PortProtocol Protocol), List<PortHolder>> ports = [];

    public long CpuNano { get; private set; }

    public long MemoryBytes { get; private set; }

    public int Allocations { get; private set; }

    /// <summary>Counts one allocation of the spec.</summary>
    public void Add(ServiceSpec spec, string holder, bool isStopping = false)
    {
        CpuNano += spec.Resources.CpuReservationNano ?? 0;
        MemoryBytes += spec.Resources.MemoryReservationBytes ?? 0;
        Allocations++;
        foreach (var port in spec.Ports.Where(port => port is { Mode: PortMode.Fixed, Published: not null }))
        {
            var key = (port.Published!.Value, port.Protocol);
            if (!ports.TryGetValue(key, out var held)) ports[key] = held = [];
            held.Add(new PortHolder(port.HostAddress, holder, isStopping));
        }
    }

    /// <summary>What is reserved when one allocation of the spec has gone.</summary>
    public NodeUsage Without(ServiceSpec spec, string holder)
    {
        var rest = new NodeUsage
        {
            CpuNano = CpuNano - (spec.Resources.CpuReservationNano ?? 0),
            MemoryBytes = MemoryBytes - (spec.Resources.MemoryReservationBytes ?? 0),
            Allocations = Allocations - 1,
        };
        foreach (var (port, held) in ports) rest.ports[port] = [.. held.Where(one => one.Name != holder)];
        return rest;
    }

    /// <summary>Who holds the port on an overlapping address; null: nobody.</summary>
    public PortHolder? HolderOf(PortSpec port)
    {
        if (port.Published is not { } published || !ports.TryGetValue((published, port.Protocol), out var held)) return null;
        foreach (var holder in held)
            if (Overlap(holder.Address, port.HostAddress)) return holder;
        return null;
    }

    private static bool Overlap(string? one, string? other) =>
        IsAny(one) || IsAny(other) || string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static bool IsAny(string? address) => address is null or "" or "0.0.0.0" or "::";
}
