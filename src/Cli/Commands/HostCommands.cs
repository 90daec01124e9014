// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using ClusterManager.Cli.Text;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Logging;
using ClusterManager.Hosting.Processes;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster host …</c>: this machine's own processes, through its supervisor. Containers are never touched by these.</summary>
internal static class HostCommands
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Makes the group.</summary>
    public static Command Make(CommandShell shell)
    {
        var group = new CliCommand("host", "This machine's own processes: consul, manager, agent.", "cluster host status");
        group.Add(Run(shell));
        group.Add(Change(shell, "start", "Start the supervisor, or a stopped role.", StartAsync));
        group.Add(Change(shell, "stop", "Stop a role until it is started again, or everything; containers run on.", StopAsync));
        group.Add(Change(shell, "restart", "Restart a role, or everything; containers run on.", RestartAsync));
        group.Add(Status(shell));
        group.Add(Pid(shell));
        return group;
    }

    private static CliCommand Run(CommandShell shell)
    {
        var command = new CliCommand("run", "Supervise this machine's processes in the foreground, until SIGTERM.",
            "cluster host run --data-dir /var/lib/cluster") { OwnsSignals = true };
        var directory = MachineFlags.MakeDataDirectory();
        command.Add(directory);
        return shell.Bind(command, async (session, parse, _) =>
        {
            var paths = Paths(session, parse.GetValue(directory));
            using var signal = new TerminationSignal();
            using var logging = ClusterLogging.Create("supervisor", paths, LogLevel.Information, ConsoleTarget.StandardOutput);
            var supervisor = new HostSupervisor(paths, new HostSupervisorOptions(), session.Environment.Time,
                logging.Factory.CreateLogger<HostSupervisor>());
            if (await supervisor.RunAsync(signal.Token)) return ExitCode.Done;
            throw new CliException(ExitCode.Conflict, $"a supervisor runs for {paths.Root} already", "cluster host status");
        });
    }

    private static CliCommand Change(
        CommandShell shell, string name, string description, Func<HostControl, ClusterPaths, string?, CancellationToken, Task<bool>> change)
    {
        var command = new CliCommand(name, description, $"cluster host {name}\ncluster host {name} agent");
        var role = new Argument<string?>("ROLE") { Description = "consul, manager or agent (default: everything)",
            Arity = ArgumentArity.ZeroOrOne };
        var directory = MachineFlags.MakeDataDirectory();
        command.Add(role);
        command.Add(directory);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var paths = Paths(session, parse.GetValue(directory));
            var control = new HostControl(paths, session.Environment.Time);
            var chosen = parse.GetValue(role);
            if (chosen is not null) await CheckRoleAsync(control, chosen, cancellationToken);
            if (!await change(control, paths, chosen, cancellationToken))
                throw new CliException(
                    ExitCode.Failed,
                    $"{name} of {chosen ?? "everything"} was not done within {TimeText.Span(Limit)}: see {paths.LogDirectory}",
                    "cluster host status");
            session.Print.Line($"{chosen ?? "supervisor"}: {name} done");
            return ExitCode.Done;
        });
    }

    private static async Task<bool> StartAsync(HostControl control, ClusterPaths paths, string? role, CancellationToken cancellationToken)
    {
        if (!File.Exists(paths.NodeFile) && (await control.StatusAsync(cancellationToken)).Count == 0)
            throw new CliException(ExitCode.NotFound, $"this machine is in no cluster: {paths.Root} has no node", "cluster init");
        if (await control.StartSupervisorAsync(HostRoles.Supervisor(paths), Limit, cancellationToken) is null) return false;
        return role is null || await control.StartAsync(role, Limit, cancellationToken);
    }

    private static Task<bool> StopAsync(HostControl control, ClusterPaths paths, string? role, CancellationToken cancellationToken) =>
        role is null ? control.StopSupervisorAsync(Limit, cancellationToken) : control.StopAsync(role, Limit, cancellationToken);

    private static async Task<bool> RestartAsync(HostControl control, ClusterPaths paths, string? role, CancellationToken cancellationToken)
    {
        if (role is not null) return await control.RestartAsync(role, Limit, cancellationToken);
        return await control.StopSupervisorAsync(Limit, cancellationToken) && await StartAsync(control, paths, null, cancellationToken);
    }

    private static CliCommand Status(CommandShell shell)
    {
        var command = new CliCommand("status", "Show this machine's processes (exit code 1 when one does not run).",
            "cluster host status -o json");
        var directory = MachineFlags.MakeDataDirectory();
        command.Add(directory);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var control = new HostControl(Paths(session, parse.GetValue(directory)), session.Environment.Time);
            var roles = await control.StatusAsync(cancellationToken);
            var rows = roles
                .Select(r => new HostRoleView(r.Name, r.IsRunning, r.Pid, TimeText.Rfc3339(r.StartedAt?.ToUnixTimeMilliseconds() ?? 0),
                    r.IsStopped))
                .Prepend(new HostRoleView("supervisor", control.SupervisorPid is not null, control.SupervisorPid, null, false)).ToArray();
            session.Print.List(rows, r => r.Name, ViewJson.Default.HostRoleView,
            [
                new("ROLE", r => r.Name),
                new("STATE", r => r.Running ? "running" : r.Stopped ? "stopped" : "NOT RUNNING"),
                new("PID", r => r.Pid?.ToString(CultureInfo.InvariantCulture) ?? ""),
                new("SINCE", r => r.StartedAt is null ? "" : TimeText.Ago(DateTimeOffset.Parse(r.StartedAt, CultureInfo.InvariantCulture)
                    .ToUnixTimeMilliseconds(), session.Now)),
            ]);
            return rows.All(r => r.Running || r.Stopped) ? ExitCode.Done : ExitCode.Failed;
        });
    }

    private static CliCommand Pid(CommandShell shell)
    {
        var command = new CliCommand("pid", "Print the process number of a role.", "cluster host pid agent");
        var role = new Argument<string>("ROLE") { Description = "supervisor, consul, manager or agent" };
        var directory = MachineFlags.MakeDataDirectory();
        command.Add(role);
        command.Add(directory);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var control = new HostControl(Paths(session, parse.GetValue(directory)), session.Environment.Time);
            var name = parse.GetValue(role)!;
            if (name != "supervisor") await CheckRoleAsync(control, name, cancellationToken);
            var pid = name == "supervisor" ? control.SupervisorPid : control.Pid(name);
            if (pid is null) throw new CliException(ExitCode.NotFound, $"{name} does not run", "cluster host status");
            session.Print.Line(pid.Value.ToString(CultureInfo.InvariantCulture));
            return ExitCode.Done;
        });
    }

    private static async Task CheckRoleAsync(HostControl control, string role, CancellationToken cancellationToken)
    {
        var known = (await control.StatusAsync(cancellationToken)).Select(r => r.Name).ToArray();
        if (!known.Contains(role))
            throw new CliException(ExitCode.NotFound, $"this machine has no role '{role}'{NearNames.Hint(role, known)}",
                "cluster host status");
    }

    private static ClusterPaths Paths(CliSession session, string? directory) =>
        ClusterPaths.Resolve(directory ?? session.Environment.Variable(ClusterPaths.EnvironmentVariable));
}
