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

/// <summary><c>cluster service history</c>: the kept revisions of a service and how the rollouts to them ended.</summary>
internal static class ServiceHistoryCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("history", "List the kept revisions of a service, newest first.",
            "cluster service history web\ncluster rollback web --to 7");
        var name = ServiceArgument.Make(shell);
        command.Add(name);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var request = new V1.GetServiceRequest { Name = ServiceName.Parse(parse.GetValue(name)!).ToWire() };
            var history = await session.Cluster.ReadAsync(
                (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).HistoryAsync(request, options), cancellationToken);
            var now = session.Now;
            session.Print.List([.. history.Revisions.Select(r => RevisionRow.Of(r))],
                r => r.Revision.ToString(CultureInfo.InvariantCulture), ViewJson.Default.RevisionRow,
            [
                new("REVISION", r => r.Revision.ToString(CultureInfo.InvariantCulture) + (r.Wanted ? " *" : "")),
                new("IMAGE", r => r.Image, Shortening.Image),
                new("CREATED", r => TimeText.Ago(r.CreatedUnixMs, now)),
                new("BY", r => r.Actor),
                new("ENDED", r => r.State is null ? "-" : r.Reason is null ? r.State : $"{r.State}  {r.Reason}"),
            ]);
            return ExitCode.Done;
        });
    }
}
