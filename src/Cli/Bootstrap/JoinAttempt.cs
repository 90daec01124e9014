// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>The ids of a join that is under way, kept until it is done: a repeated command is the same join.</summary>
/// <param name="NodeId">The node's id to be.</param>
/// <param name="RequestId">The join's request id.</param>
internal sealed record JoinAttempt(string NodeId, string RequestId)
{
    /// <summary>The attempt of this disk.</summary>
    /// <param name="paths">Where.</param>
    /// <param name="nodeId">The node's id when it has one already; null: a new one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<JoinAttempt> LoadOrCreateAsync(ClusterPaths paths, string? nodeId, CancellationToken cancellationToken)
    {
        var known = (await AtomicFile.ReadTextAsync(At(paths), cancellationToken))?.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (known is [var node, var request]) return new JoinAttempt(node, request);
        var attempt = new JoinAttempt(nodeId ?? Commands.RequestId.New(), Commands.RequestId.New());
        await AtomicFile.WriteTextAsync(At(paths), $"{attempt.NodeId}\n{attempt.RequestId}\n", FileModes.Private, cancellationToken);
        return attempt;
    }

    /// <summary>The join is done.</summary>
    public static void Forget(ClusterPaths paths) => File.Delete(At(paths));

    private static string At(ClusterPaths paths) => Path.Combine(paths.NodeDirectory, "join.attempt");
}
