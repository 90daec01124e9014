// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Simulation.Agents;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// A service's name leads to no replica of a new colour before its switch, and to none of an old one for longer than its agent needs to
/// hear of it.
/// </summary>
internal sealed class Names(Func<TimeSpan> now)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);
    private readonly SortedSet<AllocationId> _told = [];
    private SortedDictionary<AllocationId, TimeSpan> _since = [];
    private ImmutableSortedDictionary<ServiceId, ServiceRecord>? _services;
    private ImmutableSortedDictionary<ServiceId, SlotMap>? _allocations;

    /// <summary>Remembers to which replicas the name was ever to lead.</summary>
    public void Committed(ClusterState state)
    {
        if (ReferenceEquals(_services, state.Services) && ReferenceEquals(_allocations, state.Allocations)) return;
        (_services, _allocations) = (state.Services, state.Allocations);
        foreach (var record in state.Allocations.Values.SelectMany(map => map.BySlot.Values).SelectMany(records => records))
            if (record.IsWanted && Colours.Of(state, record) == Colour.Told) _told.Add(record.Id);
    }

    /// <summary>Looks at what callers are told.</summary>
    public IEnumerable<string> Check(ClusterState truth, IEnumerable<SimulatedHost> hosts, Func<SimulatedHost, bool> isTroubled)
    {
        var since = new SortedDictionary<AllocationId, TimeSpan>();
        foreach (var host in hosts)
            foreach (var (entry, isPassing) in host.Services.Entries)
            {
                if (!isPassing || !AllocationId.TryParse(entry.Meta.GetValueOrDefault("allocation") ?? "", out var id)) continue;
                if (truth.Find(id) is not { IsWanted: true } record || Colours.Of(truth, record) == Colour.Told) continue;
                if (truth.Services[id.Service].Name.DiscoveryName != entry.Name) continue;
                if (!_told.Contains(id)) yield return $"{entry.Id} on {host.Name} answers for {entry.Name} before the switch";
                if (isTroubled(host) || host.Agent is not { Process.IsRunning: true, HasSession: true }) continue;
                since[id] = _since.GetValueOrDefault(id, now());
                if (now() - since[id] > Bound)
                    yield return $"{entry.Id} on {host.Name} answers for {entry.Name} "
                        + $"{(now() - since[id]).TotalSeconds} s after the switch";
            }

        _since = since;
    }
}
