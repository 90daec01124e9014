// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster stack ps</c>: the replicas of all services of a stack.</summary>
internal static class StackPsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("ps", "Show the replicas of a stack.", "cluster stack ps shop\ncluster stack ps shop --all -o wide");
        var name = StackArgument.Make();
        var all = new Option<bool>("--all", "-a") { Description = "Ended replicas too" };
        command.Add(name);
        command.Add(all);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var stack = parse.GetValue(name)!;
            var snapshot = await ServiceCalls.ListAsync(session, [], stack, withAllocations: true, cancellationToken);
            if (snapshot.Services.Count == 0)
                throw new CliException(ExitCode.NotFound, $"no stack '{stack}', or it has no services", "cluster stack ls");
            var rows = snapshot.Services.SelectMany(service => service.Allocations).Where(one => parse.GetValue(all) || !one.Ended)
                .OrderBy(one => one.Id.ServiceId).ThenBy(one => one.Id.Slot).ThenByDescending(one => one.Id.Generation).ToArray();
            if (session.Print.IsForPrograms)
            {
                session.Print.List([.. rows.Select(AllocationRow.Of)], row => row.Name, ViewJson.Default.AllocationRow, []);
                return ExitCode.Done;
            }

            session.Print.Table(rows, AllocationTable.Columns(session.Now));
            foreach (var service in snapshot.Services)
                foreach (var gap in service.Unplaced)
                    session.Note($"{Words.NameOf(service.Name)}: {gap.Count} not placed: {Words.TextOf(gap.Reason)}");
            return ExitCode.Done;
        });
    }
}
