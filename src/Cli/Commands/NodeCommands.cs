// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster node …</c>: the machines.</summary>
internal static class NodeCommands
{
    /// <summary>Makes the group.</summary>
    public static Command Make(CommandShell shell)
    {
        var group = new CliCommand("node", "The machines of the cluster.", "cluster node ls");
        group.Add(Ls(shell));
        group.Add(Inspect(shell));
        group.Add(NodeChangeCommands.Label(shell));
        group.Add(NodeChangeCommands.Availability(shell, "pause", V1.NodeAvailability.Paused,
            "Keep what runs on a node and place nothing more there."));
        group.Add(NodeChangeCommands.Availability(shell, "activate", V1.NodeAvailability.Active, "Let a node take replicas again."));
        group.Add(NodeDrainCommand.Make(shell));
        group.Add(NodeChangeCommands.Rm(shell));
        group.Add(NodeChangeCommands.ConfirmLoss(shell));
        return group;
    }

    private static CliCommand Ls(CommandShell shell) =>
        shell.Bind(new CliCommand("ls", "List nodes.", "cluster node ls\ncluster node ls -o wide"), async (session, _, cancellationToken) =>
        {
            var list = await session.Cluster.ReadAsync(
                (invoker, options) => new V1.NodeApi.NodeApiClient(invoker).ListAsync(new V1.ListNodesRequest(), options),
                cancellationToken);
            if (session.Print.IsForPrograms)
            {
                session.Print.List([.. list.Nodes.Select(NodeView.Of)], n => n.Name, ViewJson.Default.NodeView, []);
                return ExitCode.Done;
            }

            session.Print.Table(list.Nodes, Columns(session.Now));
            if (list.Nodes.FirstOrDefault(n => n.UnconfirmedIncarnation > 0) is { } waiting)
                session.Note(
                    $"{waiting.Name} runs what it had. To let it follow, on it: cluster recover confirm {waiting.UnconfirmedIncarnation}");
            if (list.Nodes.FirstOrDefault(n => n.Disk?.Pressed == true) is { } full)
                session.Note($"{full.Name} takes no new replicas until its disk has room: cluster node inspect {full.Name}");
            if (list.Brake) session.Note("Nothing is moved: too many nodes went down at once. They return, or: cluster node confirm-loss");
            return ExitCode.Done;
        });

    private static IReadOnlyList<Column<V1.NodeStatus>> Columns(DateTimeOffset now) =>
    [
        new("NAME", n => n.Name),
        new("MANAGER", n => n.Leader ? "leader" : n.Manager ? "yes" : "-"),
        new("STATE", n => n.UnconfirmedIncarnation > 0 ? "UNCONFIRMED" : n.State == V1.NodeState.Down ? "DOWN" : Words.Of(n.State)),
        new("AVAIL", n => Words.Of(n.Availability)),
        new("ADDRESS", n => n.Address),
        new("CPU RES/ALL", n => n.Facts is null ? "-" : $"{AmountText.Cpu(n.ReservedCpuNano)} / {AmountText.Cpu(n.Facts.CpuNano)}"),
        new("MEM RES/ALL", n => n.Facts is null ? "-"
            : $"{AmountText.Bytes(n.ReservedMemoryBytes)} / {AmountText.Bytes(n.Facts.MemoryBytes)}"),
        new("ALLOCS", n => n.Allocations.ToString(CultureInfo.InvariantCulture)),
        new("DISK", n => DiskView.Of(n.Disk)?.Short ?? "-"),
        new("SINCE", n => TimeText.Ago(n.SinceUnixMs, now)),
        new("VERSION", n => n.Facts?.AgentVersion ?? ""),
        new("ID", n => n.Id, Shortening.Id, IsWide: true),
        new("CONSUL", n => n.ConsulServer ? "server" : "client", IsWide: true),
        new("ENGINE", n => n.Facts?.EngineVersion ?? "", IsWide: true),
        new("LABELS", n => string.Join(",", n.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")),
            IsWide: true),
    ];

    private static CliCommand Inspect(CommandShell shell)
    {
        var command = new CliCommand("inspect", "Show a node and what runs on it.",
            "cluster node inspect n2\ncluster node inspect n2 -o json");
        var name = new Argument<string>("NODE") { Description = "Name, id or the beginning of an id" };
        name.CompletionSources.Add(NameCompletion.Nodes(shell));
        command.Add(name);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var detail = await session.Cluster.ReadAsync(
                (invoker, options) => new V1.NodeApi.NodeApiClient(invoker).GetAsync(
                    new V1.GetNodeRequest { Node = parse.GetValue(name) }, options), cancellationToken);
            var view = new NodeDetailView(NodeView.Of(detail.Status), [.. detail.Allocations.Select(AllocationRow.Of)]);
            if (session.Print.Format == OutputFormat.Name) session.Print.Line(view.Node.Name);
            else if (session.Print.IsForPrograms)
                session.Print.Document(new JsonArray(JsonSerializer.SerializeToNode(view, ViewJson.Default.NodeDetailView)));
            else Show(session, detail, view.Node);
            return ExitCode.Done;
        });
    }

    private static string? Swept(V1.DiskStatus? disk, DateTimeOffset now) => disk is not { SweptUnixMs: > 0 } ? null
        : $"{disk.SweptImages} removed {TimeText.Ago(disk.SweptUnixMs, now)}, {AmountText.Bytes(disk.SweptBytes)} freed";

    private static void Show(CliSession session, V1.NodeDetail detail, NodeView view)
    {
        (string, string?)[] facts =
        [
            ("name", view.Name), ("id", view.Id), ("state", $"{view.State} since {TimeText.Ago(detail.Status.SinceUnixMs, session.Now)}"),
            ("availability", view.Availability),
            ("role", view.Leader ? "manager, leader" : view.Manager ? "manager" : "agent"),
            ("consul", view.ConsulServer ? "server" : "client"), ("address", view.Address),
            ("labels", view.Labels.Count == 0 ? "-" : string.Join(", ", view.Labels.Select(l => $"{l.Key}={l.Value}"))),
            ("engine", view.EngineVersion), ("agent", view.AgentVersion),
            ("platform", view.Os is null ? null : $"{view.Os}/{view.Arch}, {view.Kernel}"),
            ("cpu", view.CpuNano is { } cpu ? $"{AmountText.Cpu(view.ReservedCpuNano)} reserved of {AmountText.Cpu(cpu)}" : null),
            ("memory", view.MemoryBytes is { } memory
                ? $"{AmountText.Bytes(view.ReservedMemoryBytes)} reserved of {AmountText.Bytes(memory)}" : null),
            ("disk", view.Disk?.Text),
            ("images", Swept(detail.Status.Disk, session.Now)),
            ("certificate", $"ends {view.CertificateNotAfter ?? "-"}"),
        ];
        foreach (var (key, value) in facts) session.Print.Line($"{key,-14}{(string.IsNullOrEmpty(value) ? "-" : value)}");
        if (detail.Allocations.Count == 0) return;
        session.Print.Line();
        session.Print.Table(detail.Allocations, AllocationTable.Columns(session.Now));
    }
}
