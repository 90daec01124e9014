// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using LabHosts = ClusterManager.Lab.Tests.Harness.Lab;

namespace ClusterManager.Benchmarks.Failover;

/// <summary>Faults whose moment is known: each returns the time just before it was done.</summary>
public sealed class HostFaults(LabHosts lab)
{
    /// <summary>SIGKILL to a program.</summary>
    public async Task<DateTimeOffset> KillProgramAsync(string host, string role)
    {
        var pid = await PidAsync(host, role);
        var moment = TimeProvider.System.GetUtcNow();
        Signal("KILL", pid);
        return moment;
    }

    /// <summary>SIGSTOP to a program; <see cref="Continue"/> ends it.</summary>
    public async Task<(DateTimeOffset Moment, int Pid)> FreezeAsync(string host, string role)
    {
        var pid = await PidAsync(host, role);
        var moment = TimeProvider.System.GetUtcNow();
        Freeze(pid);
        return (moment, pid);
    }

    /// <summary>SIGSTOP.</summary>
    public static void Freeze(int pid) => Signal("STOP", pid);

    /// <summary>SIGCONT.</summary>
    public static void Continue(int pid) => Signal("CONT", pid);

    /// <summary>SIGKILL to a process of this machine.</summary>
    public static DateTimeOffset Kill(int pid)
    {
        var moment = TimeProvider.System.GetUtcNow();
        Signal("KILL", pid);
        return moment;
    }

    /// <summary>A power cut: the link goes down at the moment told, everything of the host dies right after.</summary>
    /// <param name="host">Which.</param>
    /// <param name="alongside">Done right after the link went down; null: nothing.</param>
    public async Task<DateTimeOffset> PowerOffAsync(string host, Action? alongside = null)
    {
        var moment = TimeProvider.System.GetUtcNow();
        Run("ip", "-n", $"{lab.Prefix}-hub", "link", "set", host, "down");
        alongside?.Invoke();
        await lab.TellAsync("kill", host);
        return moment;
    }

    /// <summary>The process id of a program.</summary>
    public async Task<int> PidAsync(string host, string role) =>
        await lab.PidAsync(host, role) ?? throw new InvalidOperationException($"{role} does not run on {host}");

    private static void Signal(string name, int pid) => Run("kill", $"-{name}", pid.ToString(CultureInfo.InvariantCulture));

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode == 0) return;
        throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
