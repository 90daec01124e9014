// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Consul;

namespace ClusterManager.Simulation.Consul;

/// <summary>
/// What a Consul server has stored: keys, sessions, services and checks, with the indexes that blocking queries wait for. Immutable:
/// a server that is cut off keeps the one it had. Every change of one request has the same index.
/// </summary>
internal sealed partial record ConsulData
{
    /// <summary>Of everything.</summary>
    public ulong Index { get; init; } = 1;

    /// <summary>Of the last change of any key, deletions included.</summary>
    public ulong KeysIndex { get; init; } = 1;

    /// <summary>Of the last change of any service or check.</summary>
    public ulong CatalogIndex { get; init; } = 1;

    /// <summary>Of the last change of any session.</summary>
    public ulong SessionsIndex { get; init; } = 1;

    /// <summary>The keys.</summary>
    public ImmutableSortedDictionary<string, KvEntry> Keys { get; init; } = Maps<KvEntry>();

    /// <summary>When each deleted key went.</summary>
    public ImmutableSortedDictionary<string, ulong> Tombstones { get; init; } = Maps<ulong>();

    /// <summary>The sessions.</summary>
    public ImmutableSortedDictionary<string, SessionInfo> Sessions { get; init; } = Maps<SessionInfo>();

    /// <summary>The nodes with their checks, those of services included, by id.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, HealthCheck>> Checks { get; init; } =
        Maps<ImmutableSortedDictionary<string, HealthCheck>>();

    /// <summary>The nodes with their services by id.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, CatalogService>> Services { get; init; } =
        Maps<ImmutableSortedDictionary<string, CatalogService>>();

    /// <summary>An empty map in the order of the keys' bytes.</summary>
    public static ImmutableSortedDictionary<string, T> Maps<T>() => ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);

    /// <summary>The next request's changes.</summary>
    public ConsulData Next() => this with { Index = Index + 1 };

    /// <summary>The keys below a prefix.</summary>
    public IEnumerable<KvEntry> Below(string prefix) =>
        Keys.Values.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>What a query of one key waits for: an absent one has the whole table's index.</summary>
    public ulong IndexOf(string key) => Keys.TryGetValue(key, out var entry) ? entry.ModifyIndex : KeysIndex;

    /// <summary>What a query of a prefix waits for.</summary>
    public ulong IndexBelow(string prefix)
    {
        var newest = 0UL;
        foreach (var entry in Below(prefix)) newest = Math.Max(newest, entry.ModifyIndex);
        foreach (var (key, index) in Tombstones)
            if (key.StartsWith(prefix, StringComparison.Ordinal)) newest = Math.Max(newest, index);
        return newest == 0 ? KeysIndex : newest;
    }
}
