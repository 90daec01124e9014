// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Files;

/// <summary>
/// The operations of a disk that <see cref="AtomicFiles"/> are made of: the machine's (<see cref="LocalDisk"/>), or a simulated one that
/// loses at a power cut what was not forced to it.
/// </summary>
public interface IDisk
{
    /// <summary>The whole content; null when there is no such file.</summary>
    Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// Creates the file or replaces its content, and forces the content to the disk. The file's name is only sure to be there after
    /// <see cref="SyncDirectory"/>.
    /// </summary>
    /// <exception cref="IOException">The disk refuses; the file may then hold a part of the content.</exception>
    Task WriteAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken);

    /// <summary>Makes the directory (0700) when it is missing.</summary>
    void EnsureDirectory(string directory);

    /// <summary>A second name for a file.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    void Link(string path, string link);

    /// <summary>Gives a file another name; what had that name is gone.</summary>
    void Move(string path, string target);

    /// <summary>Removes a name; nothing happens when it is not there.</summary>
    void Delete(string path);

    /// <summary>Forces the directory's names to the disk.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    void SyncDirectory(string directory);
}
