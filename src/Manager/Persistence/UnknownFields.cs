// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Consul;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Persistence;

/// <summary>
/// Fields of stored records that this program does not know, because a newer one wrote them: kept by key and written again with every
/// change of the record, so that leading for a while with an older version loses nothing. Those of a record itself; what lies deeper in
/// it is kept
/// only while nothing of the record changes. Pure.
/// </summary>
internal static class UnknownFields
{
    private static readonly (string Prefix, MessageDescriptor Kind)[] Kinds =
    [
        (StateKeys.Nodes, V1.StoredNode.Descriptor), (StateKeys.Services, V1.StoredService.Descriptor),
        (StateKeys.Revisions, V1.StoredRevision.Descriptor), (StateKeys.Allocations, V1.StoredAllocationChunk.Descriptor),
        (StateKeys.Volumes, V1.StoredVolume.Descriptor), (StateKeys.Tokens, V1.StoredToken.Descriptor),
        (StateKeys.Logins, V1.StoredRegistryLogin.Descriptor), (StateKeys.Pins, V1.StoredPin.Descriptor),
        (StateKeys.Releases, V1.StoredRelease.Descriptor), (StateKeys.Version, V1.StoredVersion.Descriptor),
        (StateKeys.History, V1.StoredReleaseEntry.Descriptor),
    ];

    /// <summary>None.</summary>
    public static ImmutableSortedDictionary<string, byte[]> None { get; } =
        ImmutableSortedDictionary.Create<string, byte[]>(StringComparer.Ordinal);

    /// <summary>The unknown fields of all records that have any, as they were written.</summary>
    public static ImmutableSortedDictionary<string, byte[]> Of(IReadOnlyList<KvEntry> entries)
    {
        var found = None.ToBuilder();
        foreach (var entry in entries.Where(entry => entry.Value.Length > 1))
        {
            var kind = Kinds.FirstOrDefault(one => entry.Key.StartsWith(one.Prefix, StringComparison.Ordinal)).Kind;
            if (kind is not null && In(entry.Value[1..], kind) is { Length: > 0 } unknown) found[entry.Key] = unknown;
        }

        return found.ToImmutable();
    }

    private static byte[] In(byte[] message, MessageDescriptor kind)
    {
        using var input = new CodedInputStream(message);
        var unknown = new List<byte>();
        try
        {
            for (long start = 0; input.ReadTag() is var tag and not 0; start = input.Position)
            {
                input.SkipLastField();
                if (kind.FindFieldByNumber(WireFormat.GetTagFieldNumber(tag)) is null)
                    unknown.AddRange(message.AsSpan((int)start, (int)(input.Position - start)));
            }
        }
        catch (InvalidProtocolBufferException)
        {
            return []; // Damaged: whoever reads it says so.
        }

        return [.. unknown];
    }
}
