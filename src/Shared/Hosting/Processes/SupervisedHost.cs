// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;

namespace ClusterManager.Hosting.Processes;

/// <summary>A machine without systemd: <see cref="HostSupervisor"/> keeps its processes.</summary>
/// <param name="paths">The data directory.</param>
/// <param name="command">The program and arguments that supervise it.</param>
/// <param name="time">The clock.</param>
public sealed class SupervisedHost(ClusterPaths paths, IReadOnlyList<string> command, TimeProvider time) : IHostKeeper
{
    private readonly HostControl _control = new(paths, time);

    /// <inheritdoc/>
    public string Name => RoleFiles.Supervisor;

    /// <summary>The supervisor.</summary>
    public HostRoleStatus Own => new(Name, _control.SupervisorPid, null, IsStopped: false);

    /// <inheritdoc/>
    HostRoleStatus? IHostKeeper.Own => Own;

    /// <inheritdoc/>
    public async Task<bool> StartAllAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        await _control.StartSupervisorAsync(command, limit, cancellationToken) is not null;

    /// <inheritdoc/>
    public Task<bool> StopAllAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        _control.StopSupervisorAsync(limit, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> StartAsync(string role, TimeSpan limit, CancellationToken cancellationToken) =>
        await StartAllAsync(limit, cancellationToken) && await _control.StartAsync(role, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> StopAsync(string role, TimeSpan limit, CancellationToken cancellationToken) =>
        _control.StopAsync(role, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RestartAsync(string role, TimeSpan limit, CancellationToken cancellationToken) =>
        _control.RestartAsync(role, limit, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> RenewAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        await _control.AbandonSupervisorAsync(limit, cancellationToken) && await StartAllAsync(limit, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HostRoleStatus>> StatusAsync(CancellationToken cancellationToken) => _control.StatusAsync(cancellationToken);
}
