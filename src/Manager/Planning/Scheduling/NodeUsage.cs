// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>What the live allocations of a node reserve there. Those that are told to stop count until they have ended.</summary>
internal sealed class NodeUsage
{
    private readonly SortedDictionary<(int Port, PortProtocol Protocol), List<(string? Address, string Holder)>> ports = [];

    public long CpuNano { get; private set; }

    public long MemoryBytes { get; private set; }

    public int Allocations { get; private set; }

    public void Add(ServiceSpec spec, string holder)
    {
        CpuNano += spec.Resources.CpuReservationNano ?? 0;
        MemoryBytes += spec.Resources.MemoryReservationBytes ?? 0;
        Allocations++;
        foreach (var port in spec.Ports.Where(port => port is { Mode: PortMode.Fixed, Published: not null }))
        {
            var key = (port.Published!.Value, port.Protocol);
            if (!ports.TryGetValue(key, out var held)) ports[key] = held = [];
            held.Add((port.HostAddress, holder));
        }
    }

    /// <summary>Who holds the port on an overlapping address; null: nobody.</summary>
    public string? HolderOf(PortSpec port)
    {
        if (port.Published is not { } published || !ports.TryGetValue((published, port.Protocol), out var held)) return null;
        foreach (var (address, holder) in held)
            if (Overlap(address, port.HostAddress)) return holder;
        return null;
    }

    private static bool Overlap(string? one, string? other) =>
        IsAny(one) || IsAny(other) || string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static bool IsAny(string? address) => address is null or "" or "0.0.0.0" or "::";
}
