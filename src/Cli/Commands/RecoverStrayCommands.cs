// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster recover ls|adopt</c>: what runs on nodes and is unknown to a restored or rebuilt state.</summary>
internal static class RecoverStrayCommands
{
    /// <summary><c>recover ls</c>.</summary>
    public static CliCommand Ls(CommandShell shell) =>
        shell.Bind(new CliCommand("ls", "List what runs on nodes and is unknown to the restored state.", "cluster recover ls"),
            async (session, _, cancellationToken) =>
            {
                var list = await ListAsync(session, cancellationToken);
                var rows = list.Services.Select(StrayView.Of).ToArray();
                session.Print.List(rows, row => row.Name, ViewJson.Default.StrayView,
                [
                    new("NAME", row => row.Name),
                    new("REPLICAS", row => row.Allocations.Length.ToString(CultureInfo.InvariantCulture)),
                    new("NODES", row => string.Join(",", row.Nodes)),
                    new("IMAGE", row => row.Image),
                    new("NOTE", row => row.Problem ?? (row.Known ? "its service is in the state" : "")),
                ]);
                if (rows.Length > 0) session.Hint("Take one up: cluster recover adopt NAME     not wanted: then cluster service rm NAME");
                return ExitCode.Done;
            });

    /// <summary><c>recover adopt</c>.</summary>
    public static CliCommand Adopt(CommandShell shell)
    {
        var command = new CliCommand(
            "adopt", "Take services that the restored state does not know into it, as they run. No container is touched.",
            "cluster recover adopt shop/web\ncluster recover adopt --all");
        var names = new Argument<string[]>("SERVICE")
        {
            Description = "NAME or STACK/NAME, from 'cluster recover ls'", Arity = ArgumentArity.ZeroOrMore,
        };
        var all = new Option<bool>("--all") { Description = "All of them. After --from-agents: once all machines are in" };
        command.Add(names);
        command.Add(all);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var chosen = (parse.GetValue(names) ?? []).Select(ServiceName.Parse).ToList();
            if (chosen.Count == 0 && !parse.GetValue(all))
                throw new CliException(ExitCode.BadInput, "name a service, or --all", "cluster recover ls");
            if (parse.GetValue(all))
                chosen = [.. (await ListAsync(session, cancellationToken)).Services.Select(stray => stray.Name.ToModel()).Distinct()];
            foreach (var name in chosen)
            {
                var request = new V1.AdoptRequest { RequestId = RequestId.New(), Name = name.ToWire() };
                await session.Cluster.MutateAsync(
                    (invoker, options) => new V1.ClusterApi.ClusterApiClient(invoker).AdoptAsync(request, options), cancellationToken);
                session.Print.Line(session.IsQuiet ? name.Display : $"{name.Display} is in the state, as it runs.");
            }

            if (chosen.Count == 0) session.Note("Nothing runs that the state does not know.");
            return ExitCode.Done;
        });
    }

    private static Task<V1.StrayList> ListAsync(CliSession session, CancellationToken cancellationToken) => session.Cluster.ReadAsync(
        (invoker, options) => new V1.ClusterApi.ClusterApiClient(invoker).StraysAsync(new V1.StraysRequest(), options), cancellationToken);
}
