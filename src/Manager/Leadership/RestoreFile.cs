// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;
using ClusterManager.Manager.Persistence;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Leadership;

/// <summary>
/// <c>manager/restore.pb</c> (0600, sealed): the decrypted backup that <c>cluster restore</c> leaves for the first manager, beside
/// <c>bootstrap.json</c>. It goes when the state is stored.
/// </summary>
internal static class RestoreFile
{
    /// <summary>The backup; null: this is no restore.</summary>
    /// <exception cref="StateUnreadableException">It is damaged: nothing is created then.</exception>
    public static async Task<V1.Backup?> ReadAsync(ClusterPaths paths, AtomicFiles files, CancellationToken cancellationToken)
    {
        var read = await files.ReadSealedAsync(paths.RestoreFile, cancellationToken);
        if (read.Outcome == SealedReadOutcome.Missing) return null;
        if (!read.HasContent) throw new StateUnreadableException(StateKeys.Meta, $"{paths.RestoreFile} cannot be used: {read.Problem}");
        try
        {
            return V1.Backup.Parser.ParseFrom(read.Content.Span);
        }
        catch (InvalidProtocolBufferException)
        {
            throw new StateUnreadableException(StateKeys.Meta, $"{paths.RestoreFile} is damaged: run 'cluster restore' again");
        }
    }

    /// <summary>The state is stored.</summary>
    public static void Delete(ClusterPaths paths, AtomicFiles files) => files.DeleteSealed(paths.RestoreFile);
}
