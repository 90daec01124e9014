// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Hosting.Security;
using ClusterManager.Wire.V1;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Backup;

/// <summary>Reads single records of a backup. Stored values begin with a format byte; the managers judge it, here it is only
/// skipped.</summary>
internal static class BackupContent
{
    /// <summary>Everything of the cluster lies below it.</summary>
    public const string Root = "cm/v1/";

    /// <summary>The leader's lock: it is no part of the state.</summary>
    public const string LockKey = Root + "lead";

    /// <summary>The version of the state; null: there is none, or no cluster.</summary>
    public static StateVersion? Version(IEnumerable<BackupEntry> entries) =>
        Meta(entries) is null ? null : Find(entries, "version", StoredVersion.Parser)?.Version;

    /// <summary>Which cluster; null: none.</summary>
    public static StoredMeta? Meta(IEnumerable<BackupEntry> entries) => Find(entries, "meta", StoredMeta.Parser);

    /// <summary>The nodes.</summary>
    public static IEnumerable<StoredNode> Nodes(V1.Backup backup) =>
        backup.Entries.Where(entry => entry.Key.StartsWith(Root + "nodes/", StringComparison.Ordinal))
            .Select(entry => Parse(entry, StoredNode.Parser)).OfType<StoredNode>();

    /// <summary>How many services.</summary>
    public static int Services(V1.Backup backup) =>
        backup.Entries.Count(entry => entry.Key.StartsWith(Root + "services/", StringComparison.Ordinal));

    /// <summary>The roots and public parts.</summary>
    /// <exception cref="BootstrapException">They are missing.</exception>
    public static StoredTrust Trust(V1.Backup backup) =>
        Find(backup.Entries, "trust", StoredTrust.Parser) ?? throw Lacks("trusted roots");

    /// <summary>Opens a secret.</summary>
    /// <exception cref="BootstrapException">It is missing or the backup's own key does not open it.</exception>
    public static string Secret(V1.Backup backup, string name)
    {
        var sealedSecret = Find(backup.Entries, "secrets/" + name, StoredSecret.Parser) ?? throw Lacks(name);
        var box = new SecretBox(ClusterKey.FromBytes(backup.ClusterKey.Span));
        var plain = box.TryOpen(sealedSecret.Sealed.Span, $"{Root}secrets/{name}", out _) ?? throw Lacks(name);
        return System.Text.Encoding.UTF8.GetString(plain);
    }

    private static BootstrapException Lacks(string what) =>
        new(BootstrapException.BadInput, $"the backup lacks its {what}, or it cannot be opened: take another one");

    private static T? Find<T>(IEnumerable<BackupEntry> entries, string key, MessageParser<T> parser)
        where T : class, IMessage<T> =>
        entries.FirstOrDefault(entry => entry.Key == Root + key) is { } entry ? Parse(entry, parser) : null;

    private static T? Parse<T>(BackupEntry entry, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        try
        {
            return entry.Value.Length < 2 ? null : parser.ParseFrom(entry.Value.Span[1..]);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
