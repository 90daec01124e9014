// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using Google.Protobuf;

namespace ClusterManager.Manager.Telemetry;

/// <summary>What a state takes in Consul, keys' names not counted. Pure.</summary>
/// <param name="Keys">How many.</param>
/// <param name="Bytes">Of all values.</param>
internal sealed record StateSize(int Keys, long Bytes)
{
    // One byte in front of each value says its format.
    private const int FormatBytes = 1;

    /// <summary>Measures a state: every record is looked at, so not at every reading.</summary>
    public static StateSize Of(ClusterState state)
    {
        var stored = ClusterStateBuilder.Store(state);
        var keys = 0;
        long bytes = 0;
        foreach (var message in MessagesOf(stored).Append(StateWriter.VersionOf(state)))
        {
            keys++;
            bytes += message.CalculateSize() + FormatBytes;
        }

        return new StateSize(keys, bytes);
    }

    private static IEnumerable<IMessage> MessagesOf(StoredCluster stored) =>
    [
        RecordCodec.ToStored(stored.Meta),
        .. stored.Nodes.Select(RecordCodec.ToStored),
        .. stored.Services.Select(RecordCodec.ToStored),
        .. stored.Revisions.Select(RecordCodec.ToStored),
        .. stored.Allocations.Select(RecordCodec.ToStored),
        .. stored.Volumes.Select(RecordCodec.ToStored),
        .. stored.Tokens.Select(RecordCodec.ToStored),
        .. stored.Releases.Select(RecordCodec.ToStored),
        .. stored.History.Select(ReleaseCodec.ToStored),
        .. stored.Requests.Select(RecordCodec.ToStored),
    ];
}
