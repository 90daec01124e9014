// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster service ps</c> and <c>cluster ps</c>: the replicas of services, where they run and how they are.</summary>
internal static class ServicePsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("ps", "Show the replicas of services.", "cluster ps shop/web\ncluster ps web --all -o wide");
        var names = new Argument<string[]>("SERVICE") { Description = "Services (default: all)", Arity = ArgumentArity.ZeroOrMore };
        names.CompletionSources.Add(NameCompletion.Services(shell));
        var all = new Option<bool>("--all", "-a") { Description = "Ended replicas too" };
        command.Add(names);
        command.Add(all);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var snapshot = await ServiceCalls.ListAsync(session, parse.GetValue(names) ?? [], null, withAllocations: true,
                cancellationToken);
            var rows = snapshot.Services
                .SelectMany(s => s.Allocations)
                .Where(a => parse.GetValue(all) || !a.Ended)
                .OrderBy(a => a.Id.ServiceId).ThenBy(a => a.Id.Slot).ThenByDescending(a => a.Id.Generation).ToArray();
            if (session.Print.IsForPrograms)
                session.Print.List([.. rows.Select(AllocationRow.Of)], a => a.Name, ViewJson.Default.AllocationRow, []);
            else session.Print.Table(rows, AllocationTable.Columns(session.Now));
            if (session.Print.IsForPrograms) return ExitCode.Done;
            foreach (var service in snapshot.Services)
                foreach (var gap in service.Unplaced)
                    session.Note($"{Words.NameOf(service.Name)}: {gap.Count} not placed: {Words.TextOf(gap.Reason)}");
            return ExitCode.Done;
        });
    }
}
