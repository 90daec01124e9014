// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Hosting.Processes;

/// <summary>
/// Keeps Consul, the manager and the agent running on a machine without systemd: starts what <see cref="HostFile"/> lists, restarts
/// what ends,
/// honours <c>run/ROLE.stopped</c>. One per data directory.
/// </summary>
/// <remarks>
/// Its own death ends nothing: its children go on, and its successor adopts them by process number and start time. Containers are not
/// its children and are never touched.
/// </remarks>
/// <param name="paths">The data directory.</param>
/// <param name="options">How it keeps time.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Starts, ends and problems.</param>
public sealed partial class HostSupervisor(
    ClusterPaths paths, HostSupervisorOptions options, TimeProvider time, ILogger<HostSupervisor> logger)
{
    private readonly RoleFiles _files = new(paths, RoleFiles.Supervisor);
    private readonly ILogger _logger = logger;
    // In the order of the file.
    private List<RoleRunner> _runners = [];
    private byte[] _lastFile = [];

    /// <summary>
    /// Supervises until <paramref name="cancellationToken"/> is cancelled (SIGTERM), then ends the roles in reverse order, each within
    /// its own limit.
    /// </summary>
    /// <returns>False at once when another supervisor holds this data directory.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        paths.CreateDirectories();
        using var held = ProcessLock.TryTake(paths, RoleFiles.Supervisor);
        if (held is null)
        {
            AlreadySupervised(paths.Root);
            return false;
        }

        ProcessIdentity.WriteSelf(_files);
        await SuperviseAsync(cancellationToken);
        await StopAsync(_runners);
        _files.ForgetProcess();
        return true;
    }

    private async Task SuperviseAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Poll, time);
        try
        {
            do
            {
                await ReloadAsync(cancellationToken);
                foreach (var runner in _runners) TickSafely(runner);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The way it ends.
        }
    }

    // A full disk or a wrong permission of one role must not take the others along.
    private void TickSafely(RoleRunner runner)
    {
        try
        {
            runner.Tick();
            runner.Trouble = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (runner.Trouble != e.Message) RoleTrouble(runner.Role.Name, e.Message);
            runner.Trouble = e.Message;
        }
    }

    // A file that is gone or wrong changes nothing: nothing is stopped by accident. Only roles left out of a good file are.
    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var bytes = await AtomicFile.ReadAsync(HostFile.At(paths), cancellationToken);
        if (bytes is null || bytes.AsSpan().SequenceEqual(_lastFile)) return;
        _lastFile = bytes;
        var (file, problem) = HostFile.Parse(bytes);
        if (file is null)
        {
            FileRefused(problem!);
            return;
        }
        FileRead(string.Join(", ", file.Roles.Select(r => r.Name)));
        await ApplyAsync(file);
    }

    private async Task ApplyAsync(HostFile file)
    {
        var known = _runners.ToDictionary(r => r.Role.Name, StringComparer.Ordinal);
        var next = new List<RoleRunner>();
        foreach (var role in file.Roles)
        {
            if (known.Remove(role.Name, out var runner)) runner.Role = role;
            else runner = new RoleRunner(role, paths, options, time, _logger);
            next.Add(runner);
        }
        var removed = _runners.Where(r => known.ContainsKey(r.Role.Name)).ToList();
        _runners = next;
        await StopAsync(removed);
    }

    private static async Task StopAsync(IEnumerable<RoleRunner> runners)
    {
        foreach (var runner in runners.Reverse()) await runner.StopAsync();
    }

    [LoggerMessage(EventIds.Hosting + 20, LogLevel.Information, "Supervising {Roles}")]
    private partial void FileRead(string roles);

    [LoggerMessage(EventIds.Hosting + 21, LogLevel.Warning, "run/host.json is refused, the roles stay as they are: {Problem}")]
    private partial void FileRefused(string problem);

    [LoggerMessage(EventIds.Hosting + 22, LogLevel.Warning, "Another supervisor holds {DataDirectory}")]
    private partial void AlreadySupervised(string dataDirectory);

    [LoggerMessage(EventIds.Hosting + 23, LogLevel.Error, "The files of {Role} cannot be used: {Problem}")]
    private partial void RoleTrouble(string role, string problem);
}
