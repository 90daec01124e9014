// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Processes;

/// <summary>
/// Whoever keeps this machine's processes (consul, manager, agent) running: systemd where it does, else a supervisor of our own. Both keep
/// the same promises; containers are no concern of either. All waits are bounded: false means "not within the limit".
/// </summary>
public interface IHostKeeper
{
    /// <summary>For people: <c>systemd</c> or <c>supervisor</c>.</summary>
    string Name { get; }

    /// <summary>The keeper as a process of its own; null when it is none of ours.</summary>
    HostRoleStatus? Own { get; }

    /// <summary>Runs every role of the host file that is not meant to be stopped, and after each boot if the keeper can.</summary>
    Task<bool> StartAllAsync(TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>Ends every role, and a supervisor of our own.</summary>
    Task<bool> StopAllAsync(TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>Lets a role run, also if it was stopped. True when its process lives.</summary>
    Task<bool> StartAsync(string role, TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>Ends a role until it is started again, also over restarts of the machine. True when its process is gone.</summary>
    Task<bool> StopAsync(string role, TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>Ends a role's process and starts it with the program that is installed now. True when a new process lives.</summary>
    Task<bool> RestartAsync(string role, TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>
    /// Lets a newer keeper take over where the keeper is a program of ours; roles run on. True when it is done or there is nothing to do.
    /// </summary>
    Task<bool> RenewAsync(TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>How all roles of the host file stand, in its order; empty when there is no such file.</summary>
    Task<IReadOnlyList<HostRoleStatus>> StatusAsync(CancellationToken cancellationToken);
}
