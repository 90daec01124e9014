// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>
/// Who has which port of the node's range. Immutable and pure. A port is kept over an allocation's attempts and rests for a minute after
/// its
/// end, so that a caller with an old answer does not reach another service.
/// </summary>
/// <param name="First">The range's first port, inclusive.</param>
/// <param name="Last">The range's last port, inclusive.</param>
internal sealed record DynamicPorts(int First, int Last)
{
    /// <summary>How long a port rests after its allocation's end.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    /// <summary>The ports that are held or rest, by number. One number serves one allocation, whatever the protocol.</summary>
    public ImmutableSortedDictionary<int, PortHold> Holds { get; init; } = ImmutableSortedDictionary<int, PortHold>.Empty;

    /// <summary>Where the next search begins: behind the port that was given last, so that numbers come back as late as possible.</summary>
    public int Next { get; init; } = First;

    /// <summary>The port an allocation holds for a target, or null.</summary>
    public int? Find(AllocationId owner, int target, PortProtocol protocol)
    {
        foreach (var (port, hold) in Holds)
        {
            if (hold.ReleasedAt is null && hold.Owner == owner && hold.Target == target && hold.Protocol == protocol) return port;
        }
        return null;
    }

    /// <summary>Gives an allocation a port for a target: the one it holds, else the next free one.</summary>
    /// <param name="owner">The allocation.</param>
    /// <param name="target">The container's port.</param>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="listening">Ports on which something on the node listens already.</param>
    /// <param name="now">The agent's monotonic clock.</param>
    /// <returns>The table after it and the port; null when the range is used up.</returns>
    public (DynamicPorts Ports, int? Port) Take(
        AllocationId owner, int target, PortProtocol protocol, IReadOnlySet<int> listening, TimeSpan now)
    {
        if (Find(owner, target, protocol) is { } held) return (this, held);
        var rested = WithoutRested(now);
        var count = Last - First + 1;
        for (var i = 0; i < count; i++)
        {
            var port = First + ((Next - First + i) % count);
            if (rested.Holds.ContainsKey(port) || listening.Contains(port)) continue;
            var holds = rested.Holds.SetItem(port, new PortHold(owner, target, protocol, null));
            return (rested with { Holds = holds, Next = port == Last ? First : port + 1 }, port);
        }
        return (rested, null);
    }

    /// <summary>Notes a port that a container found on the node has already.</summary>
    public DynamicPorts Adopt(AllocationId owner, HostPort port) =>
        port.Published < First || port.Published > Last
            ? this
            : this with { Holds = Holds.SetItem(port.Published, new PortHold(owner, port.Target, port.Protocol, null)) };

    /// <summary>Sends all ports of an allocation to rest: it has ended, or something else turned out to hold them.</summary>
    public DynamicPorts Release(AllocationId owner, TimeSpan now)
    {
        var holds = Holds.ToBuilder();
        foreach (var (port, hold) in Holds)
        {
            if (hold.Owner == owner && hold.ReleasedAt is null) holds[port] = hold with { ReleasedAt = now };
        }
        return this with { Holds = holds.ToImmutable() };
    }

    private DynamicPorts WithoutRested(TimeSpan now)
    {
        var holds = Holds.ToBuilder();
        foreach (var (port, hold) in Holds)
        {
#if MUTANTS
            if (MutantSwitch.Is(Mutant.ReusePortAtOnce) && hold.ReleasedAt is not null) holds.Remove(port);
#endif
            if (hold.ReleasedAt is { } released && now - released >= Rest) holds.Remove(port);
        }
        return this with { Holds = holds.ToImmutable() };
    }
}
