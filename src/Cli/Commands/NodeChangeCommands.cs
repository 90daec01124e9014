// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary>The commands that change a node.</summary>
internal static class NodeChangeCommands
{
    /// <summary><c>node label NODE key=value key-</c>.</summary>
    public static Command Label(CommandShell shell)
    {
        var command = new CliCommand("label", "Set labels of a node (key=value) or remove them (key-).",
            "cluster node label n2 disk=ssd zone-");
        var node = NodeArgument(shell);
        var labels = new Argument<string[]>("LABEL") { Description = "key=value sets, key- removes", Arity = ArgumentArity.OneOrMore };
        command.Add(node);
        command.Add(labels);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var request = new V1.UpdateNodeRequest { RequestId = RequestId.New(), Node = parse.GetValue(node) };
            foreach (var label in parse.GetValue(labels)!)
            {
                var equals = label.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0) request.SetLabels[label[..equals]] = label[(equals + 1)..];
                else if (equals < 0 && label.Length > 1 && label[^1] == '-') request.RemoveLabels.Add(label[..^1]);
                else throw new CliException(ExitCode.BadInput, $"'{label}' is not understood: key=value sets a label, key- removes one");
            }

            var labelled = await UpdateAsync(session, request, cancellationToken);
            Say(session, labelled, $"Labels of {labelled.Name}: {LabelsOf(labelled)}");
            return ExitCode.Done;
        });
    }

    private static string LabelsOf(V1.NodeStatus node) =>
        string.Join(", ", node.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));

    /// <summary><c>node pause|activate NODE</c>.</summary>
    public static Command Availability(CommandShell shell, string name, V1.NodeAvailability availability, string description)
    {
        var command = new CliCommand(name, description, $"cluster node {name} n2");
        var node = NodeArgument(shell);
        command.Add(node);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var request = new V1.UpdateNodeRequest
            {
                RequestId = RequestId.New(), Node = parse.GetValue(node), Availability = availability,
            };
            Say(session, await UpdateAsync(session, request, cancellationToken));
            return ExitCode.Done;
        });
    }

    /// <summary><c>node rm NODE</c>.</summary>
    public static Command Rm(CommandShell shell)
    {
        var command = new CliCommand("rm", "Remove a node that is down: its record, its right to return, its part in Consul.",
            "cluster node rm n3 --yes");
        var node = NodeArgument(shell);
        var yes = YesOption.Make();
        command.Add(node);
        command.Add(yes);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var name = parse.GetValue(node)!;
            session.Confirm(
                $"Node {name} is removed from cluster {session.Cluster.ContextName}; volumes that have their home there are lost to it.",
                parse.GetValue(yes));
            var request = new V1.RemoveNodeRequest { RequestId = RequestId.New(), Node = name };
            await session.Cluster.MutateAsync((invoker, options) => new V1.NodeApi.NodeApiClient(invoker).RemoveAsync(request, options),
                cancellationToken);
            session.Print.Line(session.IsQuiet ? name : $"Removed {name}.");
            return ExitCode.Done;
        });
    }

    /// <summary><c>node confirm-loss</c>.</summary>
    public static Command ConfirmLoss(CommandShell shell)
    {
        var command = new CliCommand("confirm-loss", "Lift the brake on mass loss: what is down now is lost and is replaced.",
            "cluster node confirm-loss --yes");
        var yes = YesOption.Make();
        command.Add(yes);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            session.Confirm(
                $"All nodes of cluster {session.Cluster.ContextName} that are down now count as lost; their replicas are placed elsewhere.",
                parse.GetValue(yes));
            var request = new V1.ConfirmLossRequest { RequestId = RequestId.New() };
            var response = await session.Cluster.MutateAsync(
                (invoker, options) => new V1.NodeApi.NodeApiClient(invoker).ConfirmLossAsync(request, options), cancellationToken);
            foreach (var name in response.Nodes) session.Print.Line(session.IsQuiet ? name : $"{name} counts as lost.");
            return ExitCode.Done;
        });
    }

    /// <summary>Changes a node, and answers what it is then.</summary>
    public static async Task<V1.NodeStatus> UpdateAsync(
        CliSession session, V1.UpdateNodeRequest request, CancellationToken cancellationToken) =>
        (await session.Cluster.MutateAsync(
            (invoker, options) => new V1.NodeApi.NodeApiClient(invoker).UpdateAsync(request, options), cancellationToken)).Node;

    /// <summary>Says what became of a node.</summary>
    /// <param name="session">Where.</param>
    /// <param name="node">The node.</param>
    /// <param name="line">For people; null: its availability.</param>
    public static void Say(CliSession session, V1.NodeStatus node, string? line = null)
    {
        if (session.Print.IsForPrograms) session.Print.List([NodeView.Of(node)], n => n.Name, ViewJson.Default.NodeView, []);
        else session.Print.Line(line ?? $"{node.Name} is {Words.Of(node.Availability)}");
    }

    /// <summary>Which node.</summary>
    public static Argument<string> NodeArgument(CommandShell shell)
    {
        var node = new Argument<string>("NODE") { Description = "Name, id or the beginning of an id" };
        node.CompletionSources.Add(NameCompletion.Nodes(shell));
        return node;
    }
}
