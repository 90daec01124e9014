// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Logging;
using ClusterManager.Hosting.Time;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Hosting.Processes;

/// <summary>
/// Keeps one role in the state that its files ask for. Driven by <see cref="Tick"/> from the supervisor's loop, on one thread.
/// </summary>
internal sealed partial class RoleRunner
{
    // After SIGKILL only the kernel can delay the end.
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EndPoll = TimeSpan.FromMilliseconds(20);
    private readonly ClusterPaths _paths;
    private readonly RoleFiles _files;
    private readonly HostSupervisorOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _origin;
    private RestartSchedule _schedule = RestartSchedule.Now;
    private ProcessIdentity? _process;
    // Null for an adopted process: it is no child of ours and its exit code is not known.
    private Process? _child;
    private TimeSpan _startedAt;
    private Deadline? _stopBy;
    private bool _killed;

    internal RoleRunner(HostRole role, ClusterPaths paths, HostSupervisorOptions options, TimeProvider time, ILogger logger)
    {
        Role = role;
        _paths = paths;
        _files = new RoleFiles(paths, role.Name);
        _options = options;
        _time = time;
        _logger = logger;
        _origin = time.GetTimestamp();
        Adopt();
    }

    /// <summary>What to run. A change takes effect at the next start.</summary>
    internal HostRole Role { get; set; }

    /// <summary>What went wrong with its files at the last look, so that it is logged once; null when nothing did.</summary>
    internal string? Trouble { get; set; }

    internal bool IsRunning => _process is not null;

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Looks at the process and the files, and takes at most one step towards what they ask for.</summary>
    internal void Tick()
    {
        ObserveEnd();
        bool stopped = File.Exists(_files.Stopped), restart = File.Exists(_files.Restart);
        if (stopped || restart || _stopBy is not null) RequestStop();
        // Both wishes also end a wait that earlier failures have earned.
        if (stopped || restart) _schedule = RestartSchedule.Now;
        if (restart && (stopped || !IsRunning)) File.Delete(_files.Restart);
        if (!stopped) StartIfDue();
        OutputCap.Apply(Role.OutputFile ?? _files.Output, _options.OutputMaxBytes);
    }

    /// <summary>
    /// Ends the process: SIGTERM, and SIGKILL to its group after the role's limit. Returns when it is gone or nothing helps.
    /// </summary>
    internal async Task StopAsync()
    {
        var limit = new Deadline(_time, Role.StopLimit + KillLimit);
        while (IsRunning && !limit.HasPassed)
        {
            RequestStop();
            await Task.Delay(EndPoll, _time, CancellationToken.None);
            ObserveEnd();
        }
        if (IsRunning) WillNotEnd(Role.Name, _process!.Pid);
    }

    private void Adopt()
    {
        var found = ProcessIdentity.FromFile(_files.Identity);
        if (found is null || !found.IsAlive()) return;
        _process = found;
        _startedAt = Now;
        Adopted(Role.Name, found.Pid);
    }

    private void StartIfDue()
    {
        if (IsRunning || Now < _schedule.DueAt) return;
        _startedAt = Now;
        _child = ChildLauncher.TryStart(Role, _files, _paths, out var problem);
        _process = _child is null ? null : ProcessIdentity.Of(_child.Id);
        if (_process is not null)
        {
            Started(Role.Name, _process.Pid);
            return;
        }
        // Either it could not be started, or it ended before it could be looked at.
        _schedule = _schedule.AfterEnd(TimeSpan.Zero, Now, _options);
        NotStarted(Role.Name, problem ?? "it ended at once", _schedule.DueAt - Now);
        ReleaseChild();
    }

    private void RequestStop()
    {
        if (_process is null) return;
        if (_stopBy is null)
        {
            Stopping(Role.Name, _process.Pid);
            _stopBy = new Deadline(_time, Role.StopLimit);
            _process.Signal(NativeMethods.SignalTerminate);
        }
        else if (_stopBy.Value.HasPassed && !_killed)
        {
            Killing(Role.Name, _process.Pid, Role.StopLimit);
            _killed = true;
            _process.SignalGroup(NativeMethods.SignalKill);
        }
    }

    private void ObserveEnd()
    {
        if (_process is null || _process.IsAlive()) return;
        var code = _child is { HasExited: true } ? _child.ExitCode : (int?)null;
        if (_stopBy is not null)
        {
            Stopped(Role.Name, _process.Pid);
            _schedule = RestartSchedule.Now;
        }
        else
        {
            _schedule = _schedule.AfterEnd(Now - _startedAt, Now, _options);
            Ended(Role.Name, _process.Pid, code, _schedule.DueAt - Now);
        }
        _process = null;
        _stopBy = null;
        _killed = false;
        ReleaseChild();
        _files.ForgetProcess();
    }

    private void ReleaseChild()
    {
        _child?.Dispose();
        _child = null;
    }

    [LoggerMessage(EventIds.Hosting + 1, LogLevel.Information, "Started {Role} as process {Pid}")]
    private partial void Started(string role, int pid);

    [LoggerMessage(EventIds.Hosting + 2, LogLevel.Information, "Adopted {Role}, which runs as process {Pid}")]
    private partial void Adopted(string role, int pid);

    [LoggerMessage(EventIds.Hosting + 3, LogLevel.Warning, "{Role} (process {Pid}) ended with code {ExitCode}; next start in {Wait}")]
    private partial void Ended(string role, int pid, int? exitCode, TimeSpan wait);

    [LoggerMessage(EventIds.Hosting + 4, LogLevel.Warning, "{Role} could not be started: {Problem}; next try in {Wait}")]
    private partial void NotStarted(string role, string problem, TimeSpan wait);

    [LoggerMessage(EventIds.Hosting + 5, LogLevel.Information, "Stopping {Role} (process {Pid})")]
    private partial void Stopping(string role, int pid);

    [LoggerMessage(EventIds.Hosting + 6, LogLevel.Information, "Stopped {Role} (process {Pid})")]
    private partial void Stopped(string role, int pid);

    [LoggerMessage(EventIds.Hosting + 7, LogLevel.Warning, "{Role} (process {Pid}) did not end within {Limit}: killing it")]
    private partial void Killing(string role, int pid, TimeSpan limit);

    [LoggerMessage(EventIds.Hosting + 8, LogLevel.Error, "{Role} (process {Pid}) does not end even when killed")]
    private partial void WillNotEnd(string role, int pid);
}
