// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Consul;
using ClusterManager.Manager.Persistence;
using ClusterManager.Model;
using ClusterManager.Wire;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Leadership;

/// <summary>
/// A backup as the next life of the state: the same services and nodes, counters that jump, this machine as the only Consul server, and
/// every other node unconfirmed. Messages are changed where they must be, and kept as they are where not. Pure.
/// </summary>
internal sealed class RestoredState
{
    private const int EntriesPerPart = 50;
    private const int BytesPerPart = 280_000;

    private RestoredState(ImmutableArray<(string Key, byte[] Value)> first, ImmutableArray<(string Key, byte[] Value)> last) =>
        (First, Last) = (first, last);

    /// <summary>What is stored beforehand, in parts.</summary>
    public ImmutableArray<(string Key, byte[] Value)> First { get; }

    /// <summary>What makes it a cluster: stored last, with the secrets.</summary>
    public ImmutableArray<(string Key, byte[] Value)> Last { get; }

    /// <summary>Transforms a backup.</summary>
    /// <param name="backup">Its content.</param>
    /// <param name="self">This manager; its incarnation is the new one.</param>
    /// <param name="tokenAccessor">Of this machine's token in the new Consul.</param>
    /// <param name="now">The time of the restore.</param>
    /// <exception cref="StateUnreadableException">The backup is of another cluster, not older, or not understood.</exception>
    public static RestoredState Of(V1.Backup backup, ManagerIdentity self, string tokenAccessor, DateTimeOffset now)
    {
        var entries = backup.Entries.Select(entry => new KvEntry { Key = entry.Key, Value = entry.Value.ToByteArray() }).ToList();
        var (stored, _) = StateReader.Read(entries) ?? throw new StateUnreadableException(StateKeys.Meta, "the backup holds none");
        if (stored.Meta.Cluster != self.Cluster)
            throw new StateUnreadableException(StateKeys.Meta, $"the backup is of cluster {stored.Meta.Cluster}, not {self.Cluster}");
        if (stored.Meta.Incarnation >= self.Incarnation)
            throw new StateUnreadableException(
                StateKeys.Meta, $"the backup is of incarnation {stored.Meta.Incarnation}: it cannot begin incarnation {self.Incarnation}");
        var jump = CounterJump.Of(self.Incarnation);
        var nodes = new RestoredNodes(self, tokenAccessor, Math.Max(stored.NextNodeOrdinal, jump.NodeOrdinals + 1), now);
        var first = entries.Where(entry => !IsLast(entry.Key)).Select(entry => (entry.Key, Changed(entry, nodes))).ToList();
        if (nodes.Added() is { } added) first.Add(added);
        var meta = RecordCodec.ToStored(stored.Meta with
        {
            Incarnation = self.Incarnation, CreatedAt = now, GenerationFloor = jump.GenerationFloor,
        });
        var version = new V1.StoredVersion
        {
            Version = new StateVersion(self.Incarnation, 0, 0).ToWire(), NextRequest = stored.NextRequest,
            NextServiceId = Math.Max(stored.NextServiceId, jump.ServiceIds + 1), NextNodeOrdinal = nodes.NextOrdinal,
        };
        return new RestoredState(
            [.. first], [(StateKeys.Meta, StoredFormat.Encode(meta)), (StateKeys.Version, StoredFormat.Encode(version))]);
    }

    /// <summary><see cref="First"/> in parts that fit a transaction.</summary>
    public IEnumerable<IReadOnlyList<(string Key, byte[] Value)>> Parts()
    {
        var part = new List<(string Key, byte[] Value)>();
        var bytes = 0;
        foreach (var entry in First)
        {
            if (part.Count == EntriesPerPart || (part.Count > 0 && bytes + entry.Value.Length > BytesPerPart))
            {
                yield return part;
                (part, bytes) = ([], 0);
            }

            part.Add(entry);
            bytes += entry.Value.Length;
        }

        if (part.Count > 0) yield return part;
    }

    // The roots and the secrets are written anew: gossip key and management token are those of the new Consul.
    private static bool IsLast(string key) =>
        key is StateKeys.Meta or StateKeys.Version or StateKeys.Lead or StateKeys.Trust
        || key.StartsWith(StateKeys.Secrets, StringComparison.Ordinal);

    private static byte[] Changed(KvEntry entry, RestoredNodes nodes)
    {
        if (entry.Key.StartsWith(StateKeys.Nodes, StringComparison.Ordinal))
            return StoredFormat.Encode(nodes.Restored(StoredFormat.Decode(entry.Key, entry.Value, V1.StoredNode.Parser)));
        if (!entry.Key.StartsWith(StateKeys.Services, StringComparison.Ordinal)) return entry.Value;
        var service = StoredFormat.Decode(entry.Key, entry.Value, V1.StoredService.Parser);
        service.NextRevision += CounterJump.Revisions;
        return StoredFormat.Encode(service);
    }
}
