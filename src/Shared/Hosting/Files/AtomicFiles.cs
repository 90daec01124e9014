// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace ClusterManager.Hosting.Files;

/// <summary>
/// Files of one disk that are either the old or the new content after a crash or a power cut, never a mixture.
/// </summary>
/// <remarks>
/// A write goes to <c>NAME.tmp</c> in the same directory, is forced to disk, renamed over the target, and the directory is forced to disk
/// as well (without that, a rename may be forgotten). One writer per file: a second one at the same moment gets an <see
/// cref="IOException"/>.
/// The sealed variants also notice damage by a disk or a hand; see <see cref="SealedEnvelope"/> for the format.
/// </remarks>
/// <param name="disk">Where they lie.</param>
public sealed class AtomicFiles(IDisk disk)
{
    /// <summary>Those of this machine.</summary>
    public static AtomicFiles Local { get; } = new(new LocalDisk());

    /// <summary>Replaces the content of <paramref name="path"/>; creates its directory (0700) when it is missing.</summary>
    /// <exception cref="IOException">The disk refuses; the old content is still there.</exception>
    public async Task WriteAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken)
    {
        var directory = EnsureDirectory(path);
        var temporary = path + ".tmp";
        await disk.WriteAsync(temporary, content, mode, cancellationToken);
        disk.Move(temporary, path);
        disk.SyncDirectory(directory);
    }

    /// <summary>The whole content, or null when there is no such file.</summary>
    public Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken) => disk.ReadAsync(path, cancellationToken);

    /// <summary>The whole content as UTF-8 text, or null when there is no such file.</summary>
    public async Task<string?> ReadTextAsync(string path, CancellationToken cancellationToken) =>
        await ReadAsync(path, cancellationToken) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>
    /// As <see cref="WriteAsync"/>, with a checksum in front; the generation before it is kept as <c>NAME.prev</c> if it was intact.
    /// </summary>
    public async Task WriteSealedAsync(
        string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken)
    {
        EnsureDirectory(path);
        await KeepPreviousAsync(path, cancellationToken);
        await WriteAsync(path, SealedEnvelope.Wrap(content.Span), mode, cancellationToken);
    }

    /// <summary>
    /// Reads what <see cref="WriteSealedAsync"/> wrote. Damage is a value, not an exception: the previous generation is returned
    /// when the newest is missing or damaged, and the result says so.
    /// </summary>
    public async Task<SealedReadResult> ReadSealedAsync(string path, CancellationToken cancellationToken)
    {
        var newest = Judge(await ReadAsync(path, cancellationToken));
        if (newest.Outcome is SealedReadOutcome.Intact or SealedReadOutcome.NewerFormat) return newest;

        var previous = Judge(await ReadAsync(path + AtomicFile.PreviousSuffix, cancellationToken));
        if (previous.Outcome != SealedReadOutcome.Intact) return newest;
        return previous with { Outcome = SealedReadOutcome.Previous, Problem = newest.Problem ?? "the newest generation is missing" };
    }

    /// <summary>Removes a sealed file and its previous generation; nothing happens when they are not there.</summary>
    public void DeleteSealed(string path)
    {
        disk.Delete(path);
        disk.Delete(path + AtomicFile.PreviousSuffix);
    }

    private static SealedReadResult Judge(byte[]? bytes) => bytes is null ? SealedReadResult.Missing : SealedEnvelope.Unwrap(bytes);

    // A damaged newest generation must not push out the intact one before it.
    private async Task KeepPreviousAsync(string path, CancellationToken cancellationToken)
    {
        if (Judge(await ReadAsync(path, cancellationToken)).Outcome != SealedReadOutcome.Intact) return;
        var link = path + AtomicFile.PreviousSuffix + ".tmp";
        disk.Delete(link);
        disk.Link(path, link);
        disk.Move(link, path + AtomicFile.PreviousSuffix);
    }

    private string EnsureDirectory(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        disk.EnsureDirectory(directory);
        return directory;
    }
}
