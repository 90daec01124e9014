// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Processes;

/// <summary>How a role stands at this moment.</summary>
/// <param name="Name">The role.</param>
/// <param name="Pid">Its live process; null when there is none.</param>
/// <param name="StartedAt">When that process was started; null when there is none.</param>
/// <param name="IsStopped">True when it is meant not to run (<c>run/ROLE.stopped</c>).</param>
public sealed record HostRoleStatus(string Name, int? Pid, DateTimeOffset? StartedAt, bool IsStopped)
{
    /// <summary>True when a live process has it.</summary>
    public bool IsRunning => Pid is not null;
}
