// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary>
/// <c>cluster drift</c>: containers that are not as they should be. Exit code 1 when there is one, or a node could not be looked at: nobody
/// can say then that all is well. With <c>--repair</c> those that differ are replaced by rollouts, and the code is theirs.
/// </summary>
internal static class DriftCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("drift",
            "Compare containers with what they should be: limits, networks, mounts, environment … (exit code 1 when one differs).",
            "cluster drift\ncluster drift shop/web\ncluster drift -o json\ncluster drift web --repair");
        var names = new Argument<string[]>("SERVICE") { Description = "Services (default: all)", Arity = ArgumentArity.ZeroOrMore };
        names.CompletionSources.Add(NameCompletion.Services(shell));
        var repair = new Option<bool>("--repair")
        {
            Description = "Replace the containers that differ, as in an update: one after another, and the new one first where that can be",
        };
        var wait = new WaitOptions();
        command.Add(names);
        command.Add(repair);
        wait.AddTo(command, withTimeout: false);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var request = new V1.DriftRequest();
            request.Names.AddRange((parse.GetValue(names) ?? []).Select(name => ServiceName.Parse(name).ToWire()));
            var report = await session.Cluster.ReadAsync(
                (invoker, options) => new V1.PlanApi.PlanApiClient(invoker).DriftAsync(request, options), Limit, cancellationToken);
            Show(session, report);
            var changed = report.Containers.Where(one => one.Kind == V1.DriftKind.Changed && one.Allocation is not null).ToList();
            if (parse.GetValue(repair) && changed.Count > 0)
                return await RepairAsync(session, changed, wait, parse, cancellationToken);
            return report.Containers.Count + report.Unseen.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
    }

    private static async Task<ExitCode> RepairAsync(
        CliSession session, List<V1.ContainerDrift> changed, WaitOptions wait, ParseResult parse,
        CancellationToken cancellationToken)
    {
        var request = new V1.ReplaceRequest { RequestId = RequestId.New() };
        request.Allocations.AddRange(changed.Select(one => one.Allocation));
        var response = await session.Cluster.MutateAsync(
            (invoker, options) => new V1.PlanApi.PlanApiClient(invoker).ReplaceAsync(request, options), cancellationToken);
        var names = string.Join(", ", response.Services.Select(one => Words.NameOf(one.Name)));
        return await ChangeFlow.FinishAsync(session, $"Repair of {names}", $"Replaced {changed.Count} drifted containers of {names}",
            response.Services, wait, parse, cancellationToken);
    }

    private static void Show(CliSession session, V1.DriftReport report)
    {
        DriftView[] views = [.. report.Containers.Select(DriftView.Of)];
        if (session.Print.IsForPrograms) session.Print.List(views, view => $"{view.Node}/{view.Name}", ViewJson.Default.DriftView, []);
        else ShowText(session, report, views);
        foreach (var node in report.Unseen) session.Note($"not looked at: {node.Node}: {node.Problem}");
    }

    private static void ShowText(CliSession session, V1.DriftReport report, DriftView[] views)
    {
        var compared = $"{report.Compared} {(report.Compared == 1 ? "container" : "containers")} compared";
        var verdict = $"{compared}, {views.Length} not as they should be";
        session.Print.Line(views.Length == 0 ? session.OutStyle.Good(verdict) : session.OutStyle.Bad(verdict));
        foreach (var view in views)
        {
            session.Print.Line($"{Title(view)} on {view.Node}   {What(view)}");
            var width = view.Fields.Select(field => field.Field.Length).DefaultIfEmpty().Max();
            foreach (var field in view.Fields) session.Print.Line($"    {field.Field.PadRight(width)}   {Text(field)}");
        }
    }

    // The replica's name says its service's: only the stack is missing.
    private static string Title(DriftView view)
    {
        var slash = view.Kind == "unknown" ? -1 : (view.Service ?? "").IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? view.Name : $"{view.Service![..slash]}/{view.Name}";
    }

    private static string What(DriftView view) => view.Kind switch
    {
        "missing" => "MISSING: it should have a container and has none",
        "unknown" => "UNKNOWN: it carries the cluster's labels and belongs to no replica",
        _ => "changed",
    };

    private static string Text(DriftFieldView field) => field.Hidden
        ? $"{(field.Wanted is null ? "should not be set" : field.Found is null ? "is not set" : "has another value")} (value not shown)"
        : $"should be {field.Wanted ?? "(not set)"}, is {field.Found ?? "(not set)"}";
}
