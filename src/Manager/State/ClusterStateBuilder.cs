// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>
/// Makes the state from stored records and the other way round, with all indexes. Records whose service is gone are left out.
/// </summary>
public static class ClusterStateBuilder
{
    /// <summary>The state that the records make. Nothing is known yet of what really runs: see <c>ClusterEngine.StartTerm</c>.</summary>
    public static ClusterState Build(StoredCluster stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var services = stored.Services.ToImmutableSortedDictionary(service => service.Id, service => service);
        var allocations = SlotMapsOf(stored.Allocations.Where(chunk => services.ContainsKey(chunk.Service)));
        var revisions = stored.Revisions.Where(revision => services.ContainsKey(revision.Service)).GroupBy(revision => revision.Service)
            .ToImmutableSortedDictionary(group => group.Key, group => group.ToImmutableSortedDictionary(r => r.Number, r => r));
        var state = new ClusterState
        {
            Meta = stored.Meta,
            Version = stored.Version,
            NextServiceId = stored.NextServiceId,
            NextNodeOrdinal = stored.NextNodeOrdinal,
            NextRequest = stored.NextRequest,
            Nodes = stored.Nodes.ToImmutableSortedDictionary(node => node.Id, node => node),
            Services = services,
            Revisions = revisions,
            Allocations = allocations,
            Volumes = ByText(stored.Volumes, volume => VolumeKey(volume.Stack, volume.Name)),
            Tokens = ByText(stored.Tokens, token => token.Id),
            Logins = ByText(stored.Logins, login => login.Registry),
            Pins = ByText(stored.Pins, pin => pin.Image),
            Releases = ByText(stored.Releases, release => release.Stack),
            History = stored.History.GroupBy(entry => entry.Stack, StringComparer.Ordinal).ToImmutableSortedDictionary(
                group => group.Key, group => group.ToImmutableSortedDictionary(entry => entry.Number, entry => entry),
                StringComparer.Ordinal),
            Requests = ByText(stored.Requests, request => request.Id),
            ServicesByDiscoveryName = DiscoveryNamesOf(services),
            LiveByNode = LiveByNodeOf(allocations),
            GlobalServices = GlobalServicesOf(services, revisions),
            Memory = PlannerMemory.Empty with { NotReady = [.. stored.Nodes.Select(node => node.Id)] },
        };
        return state with { NodeIndex = NodeIndex.Of(state) };
    }

    /// <summary>One chunk as it is to be stored.</summary>
    public static AllocationChunk ChunkOf(ClusterState state, ServiceId service, int chunk)
    {
        ArgumentNullException.ThrowIfNull(state);
        var map = state.Allocations.GetValueOrDefault(service, SlotMap.Empty);
        var slots = Enumerable.Range((chunk * SlotMap.ChunkSize) + 1, SlotMap.ChunkSize);
        return new AllocationChunk
        {
            Service = service,
            Chunk = chunk,
            Allocations = [.. slots.SelectMany(slot => map.BySlot.TryGetValue(slot, out var records) ? records : [])],
            LastGenerations = slots.Where(map.LastGenerations.ContainsKey).ToImmutableSortedDictionary(slot => slot, slot =>
                map.LastGenerations[slot]),
        };
    }

    /// <summary>All records of a state: what a leader that starts anew would read.</summary>
    public static StoredCluster Store(ClusterState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new StoredCluster
        {
            Meta = state.Meta,
            Version = state.Version,
            NextServiceId = state.NextServiceId,
            NextNodeOrdinal = state.NextNodeOrdinal,
            NextRequest = state.NextRequest,
            Nodes = [.. state.Nodes.Values],
            Services = [.. state.Services.Values],
            Revisions = [.. state.Revisions.Values.SelectMany(revisions => revisions.Values)],
            Allocations = [.. state.Allocations.SelectMany(pair => ChunksOf(pair.Value).Select(chunk => ChunkOf(state, pair.Key, chunk)))],
            Volumes = [.. state.Volumes.Values],
            Tokens = [.. state.Tokens.Values],
            Logins = [.. state.Logins.Values],
            Pins = [.. state.Pins.Values],
            Releases = [.. state.Releases.Values],
            History = [.. state.History.Values.SelectMany(entries => entries.Values)],
            Requests = [.. state.Requests.Values],
        };
    }

    /// <summary>The key of a volume in <see cref="ClusterState.Volumes"/>.</summary>
    public static string VolumeKey(string stack, string name) => $"{stack}/{name}";

    internal static ImmutableSortedSet<int> ChunksOf(SlotMap map) =>
        [.. map.BySlot.Keys.Concat(map.LastGenerations.Keys).Select(SlotMap.ChunkOf)];

    internal static ImmutableSortedDictionary<NodeId, ImmutableSortedSet<AllocationId>> LiveByNodeOf(
        ImmutableSortedDictionary<ServiceId, SlotMap> allocations) =>
        allocations.Values.SelectMany(map => map.BySlot.Values).SelectMany(records => records).Where(record => record.IsLive)
            .GroupBy(record => record.Node)
            .ToImmutableSortedDictionary(group => group.Key, group => group.Select(record => record.Id).ToImmutableSortedSet());

    internal static ImmutableSortedSet<ServiceId> GlobalServicesOf(
        ImmutableSortedDictionary<ServiceId, ServiceRecord> services,
        ImmutableSortedDictionary<ServiceId, ImmutableSortedDictionary<int, RevisionRecord>> revisions) =>
        [.. services.Values.Where(service => IsGlobal(service, revisions)).Select(service => service.Id)];

    internal static bool IsGlobal(
        ServiceRecord service, ImmutableSortedDictionary<ServiceId, ImmutableSortedDictionary<int, RevisionRecord>> revisions) =>
        revisions.TryGetValue(service.Id, out var all) && all.TryGetValue(service.Rollout.WantedRevision, out var revision)
        && revision.Spec.Mode == ServiceMode.Global;

    /// <summary>A name that is held twice (a service that is being removed, and its successor) leads to the newer one.</summary>
    internal static ImmutableSortedDictionary<string,
        ServiceId> DiscoveryNamesOf(ImmutableSortedDictionary<ServiceId, ServiceRecord> services)
    {
        var names = ImmutableSortedDictionary.CreateBuilder<string, ServiceId>(StringComparer.Ordinal);
        foreach (var service in services.Values) names[service.Name.DiscoveryName] = service.Id;
        return names.ToImmutable();
    }

    private static ImmutableSortedDictionary<ServiceId, SlotMap> SlotMapsOf(IEnumerable<AllocationChunk> chunks) =>
        chunks.GroupBy(chunk => chunk.Service).ToImmutableSortedDictionary(group => group.Key, SlotMapOf);

    private static SlotMap SlotMapOf(IEnumerable<AllocationChunk> chunks)
    {
        var generations = ImmutableSortedDictionary.CreateBuilder<int, int>();
        var slots = ImmutableSortedDictionary.CreateBuilder<int, ImmutableArray<AllocationRecord>>();
        foreach (var chunk in chunks)
        {
            foreach (var (slot, generation) in chunk.LastGenerations) generations[slot] = generation;
            foreach (var group in chunk.Allocations.GroupBy(record => record.Id.Slot))
            {
                slots[group.Key] = [.. group.OrderBy(record => record.Id)];
                var newest = slots[group.Key][^1].Id.Generation;
                generations[group.Key] = Math.Max(newest, generations.GetValueOrDefault(group.Key));
            }
        }

        return new SlotMap { BySlot = slots.ToImmutable(), LastGenerations = generations.ToImmutable() };
    }

    private static ImmutableSortedDictionary<string, T> ByText<T>(IReadOnlyList<T> items, Func<T, string> key) =>
        items.ToImmutableSortedDictionary(key, item => item, StringComparer.Ordinal);
}
