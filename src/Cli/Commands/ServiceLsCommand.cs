// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster service ls</c> and <c>cluster ls</c>: all services, one line each.</summary>
internal static class ServiceLsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("ls", "List services.", "cluster service ls\ncluster service ls --stack shop -o json");
        var stack = new Option<string?>("--stack") { Description = "Only services of this stack", HelpName = "STACK" };
        command.Add(stack);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var snapshot = await ServiceCalls.ListAsync(session, [], parse.GetValue(stack), withAllocations: false, cancellationToken);
            if (snapshot.Services.Count == 0 && !session.Print.IsForPrograms)
                session.Hint("No services yet. First one: cluster run --name web -p 8080 IMAGE");
            session.Print.List([.. snapshot.Services.OrderBy(s => Words.NameOf(s.Name), StringComparer.Ordinal)
                .Select(s => new Row(s, ServiceView.Of(s)))], session.Now);
            return ExitCode.Done;
        });
    }

    private sealed record Row(V1.ServiceStatus Status, ServiceView View);

    private static void List(this Printer print, IReadOnlyList<Row> rows, DateTimeOffset now)
    {
        if (print.IsForPrograms)
        {
            print.List([.. rows.Select(r => r.View)], v => v.Name, ViewJson.Default.ServiceView, []);
            return;
        }

        print.Table(rows,
        [
            new("NAME", r => r.View.Name),
            new("MODE", r => r.View.Mode),
            new("RUNNING", r => $"{r.View.Running}/{r.View.Desired}"),
            new("IMAGE", r => r.View.Image, Shortening.Image),
            new("PORTS", r => string.Join(", ", r.View.Ports)),
            new("REVISION", r => r.View.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture), IsWide: true),
            new("UPDATED", r => TimeText.Ago(r.Status.UpdatedUnixMs, now)),
            new("STATE", r => r.View.Reason is null ? r.View.State
                : r.View.State == "ok" ? $"ok ({r.View.Reason})" : $"{r.View.State}  {r.View.Reason}"),
        ]);
    }
}
