// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Consul;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Persistence;

/// <summary>Reads the state from Consul, always consistent: a stale state would be led from.</summary>
internal sealed class StateReader(ConsulClient consul)
{
    /// <summary>Reads everything; null when there is no <c>meta</c>: the cluster does not exist, or Consul was lost.</summary>
    /// <exception cref="StateUnreadableException">A value is damaged or of a newer format.</exception>
    /// <exception cref="ConsulException">Consul does not answer.</exception>
    public async Task<(StoredCluster Stored, ulong VersionIndex)?> LoadAsync(CancellationToken cancellationToken)
    {
        return Read(await ListAsync(cancellationToken));
    }

    /// <summary>What the entries below the root say; null when there is no <c>meta</c>.</summary>
    /// <exception cref="StateUnreadableException">A value is missing, damaged or of a newer format.</exception>
    internal static (StoredCluster Stored, ulong VersionIndex)? Read(IReadOnlyList<KvEntry> entries)
    {
        var byKey = entries.ToDictionary(entry => entry.Key, StringComparer.Ordinal);
        if (!byKey.TryGetValue(StateKeys.Meta, out var meta)) return null;
        if (!byKey.TryGetValue(StateKeys.Version, out var version)) throw new StateUnreadableException(StateKeys.Version, "it is missing");
        return Decode(entries, meta, version);
    }

    /// <summary>All entries below the root, of one moment.</summary>
    /// <exception cref="ConsulException">Consul does not answer.</exception>
    public async Task<IReadOnlyList<KvEntry>> ListAsync(CancellationToken cancellationToken) =>
        (await consul.Kv.ListAsync(StateKeys.Root, ReadOptions.Consistent, cancellationToken)).Value;

    /// <summary>Reads one secret's sealed bytes; null when it is not there.</summary>
    public async Task<byte[]?> ReadSecretAsync(string name, CancellationToken cancellationToken)
    {
        var key = StateKeys.Secret(name);
        var answer = await consul.Kv.GetAsync(key, ReadOptions.Consistent, cancellationToken);
        return answer.Value is null ? null : StoredFormat.Decode(key, answer.Value.Value, V1.StoredSecret.Parser).Sealed.ToByteArray();
    }

    /// <summary>Reads the version key: what was last committed, and the index to cas it with.</summary>
    public async Task<(StateVersion Version, ulong Index)> ReadVersionAsync(CancellationToken cancellationToken)
    {
        var answer = await consul.Kv.GetAsync(StateKeys.Version, ReadOptions.Consistent, cancellationToken);
        if (answer.Value is not { } entry) throw new StateUnreadableException(StateKeys.Version, "it is missing");
        var stored = StoredFormat.Decode(StateKeys.Version, entry.Value, V1.StoredVersion.Parser);
        return (Wire.IdMapping.ToModel(stored.Version), entry.ModifyIndex);
    }

    private static (StoredCluster Stored, ulong VersionIndex) Decode(IReadOnlyList<KvEntry> entries, KvEntry meta, KvEntry version)
    {
        var counters = StoredFormat.Decode(version.Key, version.Value, V1.StoredVersion.Parser);
        var stored = new StoredCluster
        {
            Meta = RecordCodec.ToRecord(StoredFormat.Decode(meta.Key, meta.Value, V1.StoredMeta.Parser)),
            Version = Wire.IdMapping.ToModel(counters.Version),
            NextServiceId = counters.NextServiceId,
            NextNodeOrdinal = counters.NextNodeOrdinal,
            NextRequest = counters.NextRequest,
            Nodes = Of(entries, StateKeys.Nodes, V1.StoredNode.Parser, RecordCodec.ToRecord),
            Services = Of(entries, StateKeys.Services, V1.StoredService.Parser, RecordCodec.ToRecord),
            Revisions = Of(entries, StateKeys.Revisions, V1.StoredRevision.Parser, RecordCodec.ToRecord),
            Allocations = Of(entries, StateKeys.Allocations, V1.StoredAllocationChunk.Parser, RecordCodec.ToRecord),
            Volumes = Of(entries, StateKeys.Volumes, V1.StoredVolume.Parser, RecordCodec.ToRecord),
            Tokens = Of(entries, StateKeys.Tokens, V1.StoredToken.Parser, RecordCodec.ToRecord),
            Logins = Of(entries, StateKeys.Logins, V1.StoredRegistryLogin.Parser, LoginCodec.ToRecord),
            Pins = Of(entries, StateKeys.Pins, V1.StoredPin.Parser, PinCodec.ToRecord),
            Releases = Of(entries, StateKeys.Releases, V1.StoredRelease.Parser, RecordCodec.ToRecord),
            History = Of(entries, StateKeys.History, V1.StoredReleaseEntry.Parser, ReleaseCodec.ToRecord),
            Requests = Of(entries, StateKeys.Requests, V1.StoredRequest.Parser, RecordCodec.ToRecord),
        };
        return (stored, version.ModifyIndex);
    }

    private static ImmutableArray<TRecord> Of<TStored, TRecord>(
        IReadOnlyList<KvEntry> entries, string prefix, Google.Protobuf.MessageParser<TStored> parser, Func<TStored, TRecord> toRecord)
        where TStored : Google.Protobuf.IMessage<TStored> =>
        [.. entries.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => toRecord(StoredFormat.Decode(entry.Key, entry.Value, parser)))];
}
