// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster explain</c>: why a service stands as it does, node by node, and what would change it.</summary>
internal static class ExplainCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("explain", "Say why a service stands as it does, and what would change it.",
            "cluster explain shop/cache");
        var name = ServiceArgument.Make(shell);
        command.Add(name);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var service = ServiceName.Parse(parse.GetValue(name)!);
            var explanation = await session.Cluster.ReadAsync(
                (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker)
                    .ExplainAsync(new V1.ExplainRequest { Name = service.ToWire() }, options), cancellationToken);
            if (session.Print.IsForPrograms) Document(session, explanation);
            else Show(session, explanation);
            return ExitCode.Done;
        });
    }

    private static void Document(CliSession session, V1.Explanation e)
    {
        var view = new ExplainView(
            ServiceView.Of(e.Status), e.Summary, e.NearestFix.Length == 0 ? null : e.NearestFix, [.. e.Nodes.Select(VerdictView.Of)],
            [.. e.Status.Allocations.Select(AllocationRow.Of)]);
        if (session.Print.Format == OutputFormat.Name) session.Print.Line(view.Service.Name);
        else session.Print.Document(new JsonArray(JsonSerializer.SerializeToNode(view, ViewJson.Default.ExplainView)));
    }

    // The manager's summary says the numbers, what is wrong and where; a manager that gives none is helped out.
    private static string Summary(V1.Explanation e)
    {
        if (e.Summary.Length > 0) return e.Summary;
        var (state, reason) = ServiceState.Of(e.Status);
        return $"{Words.NameOf(e.Status.Name)} runs {e.Status.Running} of {e.Status.Desired} replicas: {state}. {reason}".TrimEnd();
    }

    private static void Show(CliSession session, V1.Explanation e)
    {
        foreach (var line in TextWrap.Lines(Summary(e), session.Environment.IsOutTerminal ? session.Environment.Width : int.MaxValue))
            session.Print.Line(line);
        var troubled = e.Status.Allocations.Where(a => !a.Ended && !a.Available).ToArray();
        if (troubled.Length > 0) session.Print.Table(troubled, AllocationTable.Columns(session.Now), "  ");
        if (e.Nodes.Count > 0)
            session.Print.Table(e.Nodes,
            [
                new("NODE", n => n.NodeName),
                new("FREE CPU", n => AmountText.Cpu(n.FreeCpuNano)),
                new("FREE MEM", n => AmountText.Bytes(n.FreeMemoryBytes)),
                new("VERDICT", n => n.Reason is null or { Code: 0 } ? $"fits (rank {n.Score + 1})" : Words.TextOf(n.Reason)),
            ], "  ");
        if (e.NearestFix.Length > 0) session.Print.Line($"Nearest fix: {e.NearestFix}");
    }
}
