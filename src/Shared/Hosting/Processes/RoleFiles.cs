// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;

namespace ClusterManager.Hosting.Processes;

/// <summary>The files of one role (or of the supervisor itself) in <c>run/</c>, by which supervisor and command line talk.</summary>
internal sealed class RoleFiles(ClusterPaths paths, string name)
{
    internal const string Supervisor = "supervisor";

    /// <summary>The process's number alone, for people and scripts.</summary>
    internal string Pid { get; } = Path.Combine(paths.RunDirectory, name + ".pid");

    /// <summary>What tells the process from a later one with the same number: <see cref="ProcessIdentity"/>.</summary>
    internal string Identity { get; } = Path.Combine(paths.RunDirectory, name + ".proc");

    /// <summary>While it exists the role does not run.</summary>
    internal string Stopped { get; } = Path.Combine(paths.RunDirectory, name + ".stopped");

    /// <summary>A wish: the supervisor ends the process, removes this file, and starts it anew.</summary>
    internal string Restart { get; } = Path.Combine(paths.RunDirectory, name + ".restart");

    /// <summary>Held locked by the one supervisor of this data directory.</summary>
    internal string Lock { get; } = Path.Combine(paths.RunDirectory, name + ".lock");

    internal string Output { get; } = Path.Combine(paths.LogDirectory, name + ".out");

    internal void ForgetProcess()
    {
        File.Delete(Pid);
        File.Delete(Identity);
    }
}
