// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Time;

namespace ClusterManager.Hosting.Processes;

/// <summary>
/// The command line's hand on the supervisor of this machine. All waits are bounded; the answer false or null means "not within the limit",
/// and <c>log/</c> says why.
/// </summary>
/// <param name="paths">The data directory.</param>
/// <param name="time">The clock for the limits.</param>
public sealed class HostControl(ClusterPaths paths, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private readonly RoleFiles _supervisor = new(paths, RoleFiles.Supervisor);

    /// <summary>The live supervisor's process number, or null.</summary>
    public int? SupervisorPid => Live(_supervisor)?.Pid;

    /// <summary>
    /// Starts a supervisor that outlives this process and its terminal: a session of its own, no input, output appended to
    /// <c>log/supervisor.out</c>. Does nothing when one runs already.
    /// </summary>
    /// <param name="command">The program and arguments that call <see cref="HostSupervisor.RunAsync"/> for this data directory.</param>
    /// <param name="limit">How long to wait for it.</param>
    /// <param name="cancellationToken">Ends the waiting, not the supervisor.</param>
    /// <returns>Its process number; null when it did not come up.</returns>
    public async Task<int?> StartSupervisorAsync(IReadOnlyList<string> command, TimeSpan limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(command.Count);
        if (SupervisorPid is { } running) return running;
        paths.CreateDirectories();
        ChildLauncher.CreateOutput(_supervisor.Output);
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false, WorkingDirectory = paths.Root };
        const string Script = "out=$1; shift; exec \"$@\" </dev/null >>\"$out\" 2>&1";
        string[] words = ["--fork", "/bin/sh", "-c", Script, RoleFiles.Supervisor, _supervisor.Output, .. command];
        foreach (var word in words) start.ArgumentList.Add(word);
        try
        {
            using var launcher = Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
        await WaitAsync(() => SupervisorPid is not null, limit, cancellationToken);
        return SupervisorPid;
    }

    /// <summary>Asks the supervisor to end all roles and itself. True when it is gone.</summary>
    public async Task<bool> StopSupervisorAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        Live(_supervisor)?.Signal(NativeMethods.SignalTerminate);
        return await WaitAsync(() => SupervisorPid is null, limit, cancellationToken);
    }

    /// <summary>
    /// Ends the supervisor and nothing else, for a newer one to adopt what it kept. It is killed: asked to, it would end the roles.
    /// </summary>
    public async Task<bool> AbandonSupervisorAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        Live(_supervisor)?.Signal(NativeMethods.SignalKill);
        return await WaitAsync(() => SupervisorPid is null, limit, cancellationToken);
    }

    /// <summary>The live process of a role, or null.</summary>
    public int? Pid(string role) => Live(FilesOf(role))?.Pid;

    /// <summary>How all roles of the host file stand, in its order; empty when there is no such file.</summary>
    public async Task<IReadOnlyList<HostRoleStatus>> StatusAsync(CancellationToken cancellationToken)
    {
        var (file, _) = await HostFile.ReadAsync(paths, cancellationToken);
        return file is null ? [] : [.. file.Roles.Select(r => Status(r.Name))];
    }

    /// <summary>How one role stands.</summary>
    public HostRoleStatus Status(string role)
    {
        var files = FilesOf(role);
        var live = Live(files);
        // The child writes the file as its first act.
        DateTimeOffset? since = live is null ? null : new DateTimeOffset(File.GetLastWriteTimeUtc(files.Identity));
        return new HostRoleStatus(role, live?.Pid, since, File.Exists(files.Stopped));
    }

    /// <summary>Lets a role run and waits until it does. True when its process lives.</summary>
    public async Task<bool> StartAsync(string role, TimeSpan limit, CancellationToken cancellationToken)
    {
        File.Delete(FilesOf(role).Stopped);
        return await WaitAsync(() => Pid(role) is not null, limit, cancellationToken);
    }

    /// <summary>Stops a role, also over restarts of the machine, until <see cref="StartAsync"/>. True when its process is gone.</summary>
    public async Task<bool> StopAsync(string role, TimeSpan limit, CancellationToken cancellationToken)
    {
        Touch(FilesOf(role).Stopped);
        return await WaitAsync(() => Pid(role) is null, limit, cancellationToken);
    }

    /// <summary>Lets a role that was stopped run again from the supervisor's next start on; waits for nothing.</summary>
    public void Allow(string role) => File.Delete(FilesOf(role).Stopped);

    /// <summary>
    /// Ends a role's process and has it started anew with what the host file says now; lets a stopped role run again. If the caller dies
    /// in between the supervisor still completes it. True when a new process lives.
    /// </summary>
    public async Task<bool> RestartAsync(string role, TimeSpan limit, CancellationToken cancellationToken)
    {
        var files = FilesOf(role);
        var old = Live(files);
        Touch(files.Restart);
        File.Delete(files.Stopped);
        return await WaitAsync(() => Live(files) is { } live && live != old, limit, cancellationToken);
    }

    private RoleFiles FilesOf(string role)
    {
        if (!HostRole.IsName(role)) throw new ArgumentException("No name of a role.", nameof(role));
        return new RoleFiles(paths, role);
    }

    private static ProcessIdentity? Live(RoleFiles files) =>
        ProcessIdentity.FromFile(files.Identity) is { } found && found.IsAlive() ? found : null;

    private void Touch(string file)
    {
        paths.CreateDirectories();
        File.WriteAllBytes(file, []);
    }

    private async Task<bool> WaitAsync(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken)
    {
        var deadline = new Deadline(time, limit);
        while (!condition())
        {
            if (deadline.HasPassed) return false;
            await Task.Delay(Poll, time, cancellationToken);
        }
        return true;
    }
}
