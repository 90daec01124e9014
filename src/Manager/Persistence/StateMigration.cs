// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Persistence;

/// <summary>
/// From the format before to the current one. Whoever reads an old value sees it migrated; the leader, before its term begins, stores it
/// so. Each value says its own format, so a migration that breaks off is simply gone on with.
/// </summary>
internal static class StateMigration
{
    private const int KeysPerTransaction = 50;
    private const int BytesPerTransaction = 280_000;

    /// <summary>Brings a message of the format before to the current one, in place.</summary>
    public static void Upgrade(IMessage message)
    {
        // Format 2: a node says which life of the state it follows. A manager that does not know it must not lead a restored state, in
        // which that decides what may be touched.
        if (message is V1.StoredNode { Incarnation: 0 } node) node.Incarnation = 1;
    }

    /// <summary>The values that are still of the format before, as they are to be stored; the version, which others wait for,
    /// last.</summary>
    /// <exception cref="StateUnreadableException">One is damaged or of another format.</exception>
    public static IReadOnlyList<(string Key, byte[] Value)> Outdated(IReadOnlyList<KvEntry> entries) =>
    [
        .. entries.Where(entry => entry.Value.Length > 0 && entry.Value[0] < StoredFormat.Current && entry.Key != StateKeys.Lead)
            .OrderBy(entry => entry.Key == StateKeys.Version).ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => (entry.Key, Migrated(entry))),
    ];

    /// <summary>Stores them, fenced by the lock's session.</summary>
    /// <returns>Consul's index of the version key afterwards.</returns>
    /// <exception cref="StateUnreadableException">The lock was lost meanwhile, or Consul refuses.</exception>
    public static async Task<ulong> StoreAsync(
        ConsulClient consul, string session, IReadOnlyList<(string Key, byte[] Value)> outdated, ulong versionIndex,
        CancellationToken cancellationToken)
    {
        foreach (var part in Parts(outdated))
        {
            TransactionOperation[] operations =
            [
                TransactionOperation.CheckSession(StateKeys.Lead, session),
                TransactionOperation.CheckIndex(StateKeys.Version, versionIndex),
                .. part.Where(one => one.Key != StateKeys.Version).Select(one => TransactionOperation.Set(one.Key, one.Value)),
                .. part.Where(one => one.Key == StateKeys.Version)
                    .Select(one => TransactionOperation.Cas(one.Key, one.Value, versionIndex)),
            ];
            var result = await consul.Transactions.CommitAsync(operations, ConsistencyMode.Consistent, cancellationToken);
            if (result is not TransactionResult.Committed done)
                throw new StateUnreadableException(StateKeys.Root, $"its older format could not be migrated: {TextOf(result)}");
            if (part.Any(one => one.Key == StateKeys.Version)) versionIndex = done.ModifyIndexOf(StateKeys.Version) ?? versionIndex;
        }

        return versionIndex;
    }

    private static string TextOf(TransactionResult result) => result switch
    {
        TransactionResult.Rejected rejected => rejected.Text,
        TransactionResult.Unknown unknown => unknown.Error.Text,
        _ => "",
    };

    private static byte[] Migrated(KvEntry entry)
    {
        // Of all kinds only nodes differ: the others keep their bytes, with what a newer version may have put into them.
        if (entry.Key.StartsWith(StateKeys.Nodes, StringComparison.Ordinal))
            return StoredFormat.Encode(StoredFormat.Decode(entry.Key, entry.Value, V1.StoredNode.Parser));
        if (entry.Value[0] < StoredFormat.Oldest)
            throw new StateUnreadableException(
                entry.Key, $"it has format {entry.Value[0]}, this manager reads from {StoredFormat.Oldest} on");
        return [StoredFormat.Current, .. entry.Value.AsSpan(1)];
    }

    private static IEnumerable<List<(string Key, byte[] Value)>> Parts(IReadOnlyList<(string Key, byte[] Value)> all)
    {
        var part = new List<(string Key, byte[] Value)>();
        var bytes = 0;
        foreach (var one in all)
        {
            if (part.Count == KeysPerTransaction || (part.Count > 0 && bytes + one.Value.Length > BytesPerTransaction))
            {
                yield return part;
                (part, bytes) = ([], 0);
            }

            part.Add(one);
            bytes += one.Value.Length;
        }

        if (part.Count > 0) yield return part;
    }
}
