// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using ClusterManager.Cli.Text;
using ClusterManager.Hosting.Concurrency;
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
        group.Add(Change(shell, "start", "Start everything, or a stopped role.", StartAsync));
        group.Add(Change(shell, "stop", "Stop a role until it is started again, or everything; containers run on.", StopAsync));
        group.Add(Change(shell, "restart", "Restart a role, or everything; containers run on.", RestartAsync));
        group.Add(HostUpgradeCommand.Make(shell));
        group.Add(HostCheckCommand.Make(shell));
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
            using var beside = new OwnedTasks(signal.Token);
            beside.TryStart(new ColdMemory(session.Environment.Time).RunAsync);
            var hasRun = await supervisor.RunAsync(signal.Token);
            beside.Stop();
            await beside.WhenEndedAsync();
            if (hasRun) return ExitCode.Done;
            throw new CliException(ExitCode.Conflict, $"a supervisor runs for {paths.Root} already", "cluster host status");
        });
    }

    private static CliCommand Change(
        CommandShell shell, string name, string description, Func<IHostKeeper, ClusterPaths, string?, CancellationToken, Task<bool>> change)
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
            var keeper = HostRoles.Keeper(paths, session.Environment.Time);
            var chosen = parse.GetValue(role);
            if (chosen is not null) await RoleAsync(keeper, chosen, cancellationToken);
            if (!await change(keeper, paths, chosen, cancellationToken))
                throw new CliException(
                    ExitCode.Failed,
                    $"{name} of {chosen ?? "everything"} was not done within {TimeText.Span(Limit)}: see {paths.LogDirectory}",
                    "cluster host status");
            session.Print.Line($"{chosen ?? keeper.Name}: {name} done");
            return ExitCode.Done;
        });
    }

    private static async Task<bool> StartAsync(IHostKeeper keeper, ClusterPaths paths, string? role, CancellationToken cancellationToken)
    {
        if (!File.Exists(paths.NodeFile) && (await keeper.StatusAsync(cancellationToken)).Count == 0)
            throw new CliException(ExitCode.NotFound, $"this machine is in no cluster: {paths.Root} has no node", "cluster init");
        return role is null
            ? await keeper.StartAllAsync(Limit, cancellationToken) : await keeper.StartAsync(role, Limit, cancellationToken);
    }

    private static Task<bool> StopAsync(IHostKeeper keeper, ClusterPaths paths, string? role, CancellationToken cancellationToken) =>
        role is null ? keeper.StopAllAsync(Limit, cancellationToken) : keeper.StopAsync(role, Limit, cancellationToken);

    private static async Task<bool> RestartAsync(IHostKeeper keeper, ClusterPaths paths, string? role, CancellationToken cancellationToken)
    {
        if (role is not null) return await keeper.RestartAsync(role, Limit, cancellationToken);
        return await keeper.StopAllAsync(Limit, cancellationToken) && await StartAsync(keeper, paths, null, cancellationToken);
    }

    private static CliCommand Status(CommandShell shell)
    {
        var command = new CliCommand("status", "Show this machine's processes (exit code 1 when one does not run).",
            "cluster host status -o json");
        var directory = MachineFlags.MakeDataDirectory();
        command.Add(directory);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var keeper = HostRoles.Keeper(Paths(session, parse.GetValue(directory)), session.Environment.Time);
            var roles = await keeper.StatusAsync(cancellationToken);
            if (keeper.Own is { } own) roles = [own, .. roles];
            var rows = await Task.WhenAll(roles.Select(r => ViewAsync(r, cancellationToken)));
            session.Print.List(rows, r => r.Name, ViewJson.Default.HostRoleView,
            [
                new("ROLE", r => r.Name),
                new("STATE", r => r.Running ? "running" : r.Stopped ? "stopped" : "NOT RUNNING"),
                new("PID", r => r.Pid?.ToString(CultureInfo.InvariantCulture) ?? ""),
                new("SINCE", r => r.StartedAt is null ? "" : TimeText.Ago(DateTimeOffset.Parse(r.StartedAt, CultureInfo.InvariantCulture)
                    .ToUnixTimeMilliseconds(), session.Now)),
                new("VERSION", r => r.Version ?? ""),
            ]);
            return rows.All(r => r.Running || r.Stopped) ? ExitCode.Done : ExitCode.Failed;
        });
    }

    private static async Task<HostRoleView> ViewAsync(HostRoleStatus role, CancellationToken cancellationToken) => new(
        role.Name, role.IsRunning, role.Pid, TimeText.Rfc3339(role.StartedAt?.ToUnixTimeMilliseconds() ?? 0), role.IsStopped,
        await RunningProgram.VersionAsync(role, cancellationToken));

    private static CliCommand Pid(CommandShell shell)
    {
        var command = new CliCommand("pid", "Print the process number of a role.", "cluster host pid agent");
        var role = new Argument<string>("ROLE") { Description = "supervisor, consul, manager or agent" };
        var directory = MachineFlags.MakeDataDirectory();
        command.Add(role);
        command.Add(directory);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var keeper = HostRoles.Keeper(Paths(session, parse.GetValue(directory)), session.Environment.Time);
            var name = parse.GetValue(role)!;
            var found = keeper.Own is { } own && own.Name == name ? own : await RoleAsync(keeper, name, cancellationToken);
            if (found.Pid is not { } pid) throw new CliException(ExitCode.NotFound, $"{name} does not run", "cluster host status");
            session.Print.Line(pid.ToString(CultureInfo.InvariantCulture));
            return ExitCode.Done;
        });
    }

    private static async Task<HostRoleStatus> RoleAsync(IHostKeeper keeper, string role, CancellationToken cancellationToken)
    {
        var known = await keeper.StatusAsync(cancellationToken);
        return known.FirstOrDefault(r => r.Name == role) ?? throw new CliException(
            ExitCode.NotFound, $"this machine has no role '{role}'{NearNames.Hint(role, known.Select(r => r.Name))}",
            "cluster host status");
    }

    private static ClusterPaths Paths(CliSession session, string? directory) =>
        ClusterPaths.Resolve(directory ?? session.Environment.Variable(ClusterPaths.EnvironmentVariable));
}
