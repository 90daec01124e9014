// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Time;

namespace ClusterManager.Hosting.Processes;

/// <summary>
/// The processes of a machine with systemd: one unit for each role, and <c>cluster.target</c> for all. What an operator stopped is noted
/// in <c>run/ROLE.stopped</c> too, as the supervisor does, so that either can take over from the other.
/// </summary>
public sealed class SystemdHost : IHostKeeper
{
    private const string ConsulRole = "consul";
    private readonly ClusterPaths _paths;
    private readonly TimeProvider _time;
    private readonly Systemctl _systemctl;

    /// <summary>By the <c>systemctl</c> on PATH.</summary>
    public SystemdHost(ClusterPaths paths, TimeProvider time) : this(paths, time, new Systemctl("systemctl", time))
    {
    }

    internal SystemdHost(ClusterPaths paths, TimeProvider time, Systemctl systemctl)
    {
        _paths = paths;
        _time = time;
        _systemctl = systemctl;
    }

    /// <inheritdoc/>
    public string Name => "systemd";

    /// <inheritdoc/>
    public HostRoleStatus? Own => null;

    /// <inheritdoc/>
    public async Task<bool> StartAllAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var deadline = new Deadline(_time, limit);
        if ((await HostFile.ReadAsync(_paths, cancellationToken)).File is not { } file) return false;
        LinkConsul(file);
        var wanted = file.Roles.Where(role => !File.Exists(FilesOf(role.Name).Stopped)).Select(role => SystemdUnits.Of(role.Name));
        return await _systemctl.DoAsync(["enable", "--quiet", SystemdUnits.Target, .. wanted], deadline, cancellationToken)
            && await _systemctl.DoAsync(["start", SystemdUnits.Target], deadline, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> StopAllAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var (file, _) = await HostFile.ReadAsync(_paths, cancellationToken);
        // Named one by one: of the target alone systemctl would not wait for what ends with it.
        var units = (file?.Roles ?? []).Select(role => SystemdUnits.Of(role.Name));
        return await _systemctl.DoAsync(["stop", SystemdUnits.Target, .. units], new Deadline(_time, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> StartAsync(string role, TimeSpan limit, CancellationToken cancellationToken)
    {
        File.Delete(FilesOf(role).Stopped);
        return _systemctl.DoAsync(["enable", "--quiet", "--now", SystemdUnits.Of(role)], new Deadline(_time, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> StopAsync(string role, TimeSpan limit, CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(FilesOf(role).Stopped, [], cancellationToken);
        return await _systemctl.DoAsync(
            ["disable", "--quiet", "--now", SystemdUnits.Of(role)], new Deadline(_time, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> RestartAsync(string role, TimeSpan limit, CancellationToken cancellationToken)
    {
        File.Delete(FilesOf(role).Stopped);
        return _systemctl.DoAsync(["restart", SystemdUnits.Of(role)], new Deadline(_time, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> RenewAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        _systemctl.DoAsync(["daemon-reload"], new Deadline(_time, limit), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HostRoleStatus>> StatusAsync(CancellationToken cancellationToken)
    {
        var (file, _) = await HostFile.ReadAsync(_paths, cancellationToken);
        var rows = new List<HostRoleStatus>();
        foreach (var role in file?.Roles ?? []) rows.Add(await StatusAsync(role.Name, cancellationToken));
        return rows;
    }

    private async Task<HostRoleStatus> StatusAsync(string role, CancellationToken cancellationToken)
    {
        var shown = await _systemctl.ShowAsync(
            SystemdUnits.Of(role), ["MainPID", "ExecMainStartTimestampMonotonic"], cancellationToken);
        var pid = Number(shown, "MainPID");
        // Microseconds since boot, on the clock that timestamps are taken from.
        var age = _time.GetElapsedTime(0) - TimeSpan.FromMicroseconds(Number(shown, "ExecMainStartTimestampMonotonic"));
        return new HostRoleStatus(
            role, pid > 0 ? (int)pid : null, pid > 0 ? _time.GetUtcNow() - age : null, File.Exists(FilesOf(role).Stopped));
    }

    private static long Number(IReadOnlyDictionary<string, string> shown, string name) =>
        long.TryParse(shown.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;

    // The unit cannot know which Consul init or join found.
    private void LinkConsul(HostFile file)
    {
        if (file.Roles.FirstOrDefault(role => role.Name == ConsulRole) is not { } consul) return;
        var link = Path.Combine(_paths.ConsulDirectory, "program");
        if (new FileInfo(link).LinkTarget == consul.Command[0]) return;
        Directory.CreateDirectory(_paths.ConsulDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Delete(link);
        File.CreateSymbolicLink(link, consul.Command[0]);
    }

    private RoleFiles FilesOf(string role)
    {
        if (!HostRole.IsName(role)) throw new ArgumentException("No name of a role.", nameof(role));
        return new RoleFiles(_paths, role);
    }
}
