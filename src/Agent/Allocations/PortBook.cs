// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>The node's ports, shared by all runners: <see cref="DynamicPorts"/> behind a lock. Thread-safe.</summary>
/// <param name="first">First port of the node's range.</param>
/// <param name="last">Last port of the node's range.</param>
/// <param name="listening">Says on which ports something listens at this moment.</param>
internal sealed class PortBook(int first, int last, Func<IReadOnlySet<int>> listening)
{
    private readonly Lock _lock = new();
    private DynamicPorts _ports = new(first, last);

    /// <summary>The range, for texts.</summary>
    public (int First, int Last) Range => (first, last);

    /// <summary>A port of the node for each port of the spec, in its order; null when the range is used up.</summary>
    /// <param name="owner">The allocation.</param>
    /// <param name="specs">The service's ports.</param>
    /// <param name="now">The agent's clock.</param>
    public ImmutableArray<HostPort>? Take(AllocationId owner, ImmutableArray<PortSpec> specs, TimeSpan now)
    {
        var used = specs.Any(s => s.Mode == PortMode.Dynamic) ? listening() : ImmutableHashSet<int>.Empty;
        var result = ImmutableArray.CreateBuilder<HostPort>(specs.Length);
        lock (_lock)
        {
            foreach (var spec in specs)
            {
                var port = spec.Mode == PortMode.Fixed ? spec.Published : TakeOneNeedsLock(owner, spec, used, now);
                if (port is not { } given) return null;
                result.Add(new HostPort(spec.Target, given, spec.Protocol));
            }
        }
        return result.ToImmutable();
    }

    /// <summary>Notes the ports of a container that was found.</summary>
    public void Adopt(AllocationId owner, ImmutableArray<HostPort> ports)
    {
        lock (_lock)
        {
            foreach (var port in ports) _ports = _ports.Adopt(owner, port);
        }
    }

    /// <summary>Sends an allocation's ports to rest.</summary>
    public void Release(AllocationId owner, TimeSpan now)
    {
        lock (_lock) _ports = _ports.Release(owner, now);
    }

    private int? TakeOneNeedsLock(AllocationId owner, PortSpec spec, IReadOnlySet<int> used, TimeSpan now)
    {
        (_ports, var port) = _ports.Take(owner, spec.Target, spec.Protocol, used, now);
        return port;
    }
}
