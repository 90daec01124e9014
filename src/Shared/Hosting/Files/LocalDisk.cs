// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace ClusterManager.Hosting.Files;

/// <summary>The machine's own disk.</summary>
internal sealed class LocalDisk : IDisk
{
    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
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

    /// <inheritdoc/>
    public async Task WriteAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
            UnixCreateMode = FileModes.Private,
        };
        await using var stream = new FileStream(path, options);
        // Before the content: a left-over temporary file may have wider permissions.
        File.SetUnixFileMode(stream.SafeFileHandle, mode);
        await stream.WriteAsync(content, cancellationToken);
        RandomAccess.FlushToDisk(stream.SafeFileHandle);
    }

    /// <inheritdoc/>
    public void EnsureDirectory(string directory) =>
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <inheritdoc/>
    public void Link(string path, string link)
    {
        if (NativeMethods.Link(path, link) != 0) throw LastError("link", link);
    }

    /// <inheritdoc/>
    public void Move(string path, string target) => File.Move(path, target, overwrite: true);

    /// <inheritdoc/>
    public void Delete(string path)
    {
        if (Directory.Exists(Path.GetDirectoryName(path))) File.Delete(path);
    }

    /// <inheritdoc/>
    public void SyncDirectory(string directory)
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
