// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace ClusterManager.Hosting.Files;

/// <summary>The <see cref="AtomicFiles"/> of this machine.</summary>
public static class AtomicFile
{
    /// <summary>The suffix of the previous intact generation that sealed writes keep.</summary>
    public const string PreviousSuffix = ".prev";

    /// <inheritdoc cref="AtomicFiles.WriteAsync"/>
    public static Task WriteAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken) =>
        AtomicFiles.Local.WriteAsync(path, content, mode, cancellationToken);

    /// <summary>As <see cref="WriteAsync"/>, for text in UTF-8 without a byte order mark.</summary>
    public static Task WriteTextAsync(string path, string content, UnixFileMode mode, CancellationToken cancellationToken) =>
        WriteAsync(path, Encoding.UTF8.GetBytes(content), mode, cancellationToken);

    /// <inheritdoc cref="AtomicFiles.ReadAsync"/>
    public static Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken) =>
        AtomicFiles.Local.ReadAsync(path, cancellationToken);

    /// <inheritdoc cref="AtomicFiles.ReadTextAsync"/>
    public static Task<string?> ReadTextAsync(string path, CancellationToken cancellationToken) =>
        AtomicFiles.Local.ReadTextAsync(path, cancellationToken);

    /// <inheritdoc cref="AtomicFiles.WriteSealedAsync"/>
    public static Task WriteSealedAsync(
        string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken) =>
        AtomicFiles.Local.WriteSealedAsync(path, content, mode, cancellationToken);

    /// <inheritdoc cref="AtomicFiles.ReadSealedAsync"/>
    public static Task<SealedReadResult> ReadSealedAsync(string path, CancellationToken cancellationToken) =>
        AtomicFiles.Local.ReadSealedAsync(path, cancellationToken);
}
