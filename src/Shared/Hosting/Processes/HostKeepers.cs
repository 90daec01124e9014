// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;

namespace ClusterManager.Hosting.Processes;

/// <summary>Finds who keeps the processes of a data directory running.</summary>
public static class HostKeepers
{
    /// <summary>
    /// systemd, where it runs and has our units for this directory; else the supervisor. A supervisor that runs already keeps what it has:
    /// <c>cluster host stop</c>, then <c>cluster host start</c> hands it to systemd.
    /// </summary>
    /// <param name="paths">The data directory.</param>
    /// <param name="supervisor">The program and arguments that supervise it; empty for a caller that never starts everything.</param>
    /// <param name="time">The clock.</param>
    public static IHostKeeper Of(ClusterPaths paths, IReadOnlyList<string> supervisor, TimeProvider time)
    {
        var supervised = new SupervisedHost(paths, supervisor, time);
        return !supervised.Own.IsRunning && SystemdUnits.AreUsedFor(paths) ? new SystemdHost(paths, time) : supervised;
    }
}
