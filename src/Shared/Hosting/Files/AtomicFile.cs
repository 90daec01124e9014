// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Text;

namespace ClusterManager.Hosting.Files;

/// <summary>
/// Files that are either the old or the new content after a crash or a power cut, never a mixture.
/// </summary>
/// <remarks>
/// A write goes to <c>NAME.tmp</c> in the same directory, is forced to disk, renamed over the target, and the directory is forced to disk
/// as well (without that, a rename may be forgotten). One writer per file: a second one at the same moment gets an <see
/// cref="IOException"/>.
/// The sealed variants also notice damage by a disk or a hand; see <see cref="SealedEnvelope"/> for the format.
/// </remarks>
public static class AtomicFile
{
    /// <summary>The suffix of the previous intact generation that sealed writes keep.</summary>
    public const string PreviousSuffix = ".prev";

    /// <summary>Replaces the content of <paramref name="path"/>; creates its directory (0700) when it is missing.</summary>
    /// <exception cref="IOException">The disk refuses; the old content is still there.</exception>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken)
    {
        var directory = EnsureDirectory(path);
        var temporary = path + ".tmp";
        await WriteTemporaryAsync(temporary, content, mode, cancellationToken);
        File.Move(temporary, path, overwrite: true);
        SyncDirectory(directory);
    }

    /// <summary>As <see cref="WriteAsync"/>, for text in UTF-8 without a byte order mark.</summary>
    public static Task WriteTextAsync(string path, string content, UnixFileMode mode, CancellationToken cancellationToken) =>
        WriteAsync(path, Encoding.UTF8.GetBytes(content), mode, cancellationToken);

    /// <summary>The whole content, or null when there is no such file.</summary>
    public static async Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The whole content as UTF-8 text, or null when there is no such file.</summary>
    public static async Task<string?> ReadTextAsync(string path, CancellationToken cancellationToken) =>
        await ReadAsync(path, cancellationToken) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>
    /// As <see cref="WriteAsync"/>, with a checksum in front; the generation before it is kept as <c>NAME.prev</c> if it was intact.
    /// </summary>
    public static async Task WriteSealedAsync(
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
    public static async Task<SealedReadResult> ReadSealedAsync(string path, CancellationToken cancellationToken)
    {
        var newest = Judge(await ReadAsync(path, cancellationToken));
        if (newest.Outcome is SealedReadOutcome.Intact or SealedReadOutcome.NewerFormat) return newest;

        var previous = Judge(await ReadAsync(path + PreviousSuffix, cancellationToken));
        if (previous.Outcome != SealedReadOutcome.Intact) return newest;
        return previous with { Outcome = SealedReadOutcome.Previous, Problem = newest.Problem ?? "the newest generation is missing" };
    }

    private static SealedReadResult Judge(byte[]? bytes) => bytes is null ? SealedReadResult.Missing : SealedEnvelope.Unwrap(bytes);

    // A damaged newest generation must not push out the intact one before it.
    private static async Task KeepPreviousAsync(string path, CancellationToken cancellationToken)
    {
        if (Judge(await ReadAsync(path, cancellationToken)).Outcome != SealedReadOutcome.Intact) return;
        var link = path + PreviousSuffix + ".tmp";
        File.Delete(link);
        if (NativeMethods.Link(path, link) != 0) throw LastError("link", link);
        File.Move(link, path + PreviousSuffix, overwrite: true);
    }

    private static async Task WriteTemporaryAsync(
        string temporary, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
            UnixCreateMode = FileModes.Private,
        };
        await using var stream = new FileStream(temporary, options);
        // Before the content: a left-over temporary file may have wider permissions.
        File.SetUnixFileMode(stream.SafeFileHandle, mode);
        await stream.WriteAsync(content, cancellationToken);
        RandomAccess.FlushToDisk(stream.SafeFileHandle);
    }

    private static string EnsureDirectory(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return directory;
    }

    private static void SyncDirectory(string directory)
    {
        var descriptor = NativeMethods.Open(directory, NativeMethods.OpenReadOnly);
        if (descriptor < 0) throw LastError("open", directory);
        try
        {
            if (NativeMethods.Fsync(descriptor) != 0) throw LastError("fsync", directory);
        }
        finally
        {
            _ = NativeMethods.Close(descriptor);
        }
    }

    private static IOException LastError(string call, string path) =>
        new($"{call} {path}: {Marshal.GetLastPInvokeErrorMessage()}");
}
