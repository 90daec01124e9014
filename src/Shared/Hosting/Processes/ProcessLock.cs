// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;

namespace ClusterManager.Hosting.Processes;

/// <summary>
/// Says that a process is the only one of its role with a data directory, by a lock on <c>run/ROLE.lock</c>: two agents would undo each
/// other's work, two managers would be one identity. The kernel lets go of it when the process ends, however it ends.
/// </summary>
public sealed class ProcessLock : IDisposable
{
    // EAGAIN: what flock answers, and .NET passes on.
    private const int LockedByAnother = 11;
    private readonly FileStream _file;

    private ProcessLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="paths">The data directory.</param>
    /// <param name="role">supervisor, manager, agent.</param>
    /// <returns>Null when another process holds it.</returns>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static ProcessLock? TryTake(ClusterPaths paths, string role)
    {
        Directory.CreateDirectory(paths.RunDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            var file = new RoleFiles(paths, role).Lock;
            return new ProcessLock(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error) when (error.HResult == LockedByAnother)
        {
            return null;
        }
    }

    /// <summary>Lets go of it.</summary>
    public void Dispose() => _file.Dispose();
}
