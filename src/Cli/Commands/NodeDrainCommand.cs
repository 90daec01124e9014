// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;
using ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary>
/// <c>cluster node drain NODE [--wait]</c>: everything moves off a node, as many at once as each service's update policy says.
/// </summary>
internal static class NodeDrainCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("drain", "Move everything off a node, new replicas first, without losing a request.",
            "cluster node drain n2 --wait --wait-limit 10m\ncluster node activate n2");
        var node = NodeChangeCommands.NodeArgument(shell);
        var wait = new Option<bool>("--wait", "-w") { Description = "Return when nothing runs there any more" };
        var limit = new WaitOptions();
        command.Add(node);
        command.Add(wait);
        command.Add(limit.WaitLimit);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var most = limit.LimitOf(parse);
            if (most is not null && !parse.GetValue(wait))
                throw new CliException(ExitCode.BadInput, "--wait-limit is of use with --wait only", "cluster node drain --help");
            var drained = await NodeChangeCommands.UpdateAsync(session, new UpdateNodeRequest
            {
                RequestId = RequestId.New(), Node = parse.GetValue(node), Availability = NodeAvailability.Drained,
            }, cancellationToken);
            var code = parse.GetValue(wait) ? await new DrainWait(session, drained.Name, most).RunAsync(cancellationToken)
                : ExitCode.Done;
            if (code == ExitCode.Done)
                NodeChangeCommands.Say(session, drained, parse.GetValue(wait) ? $"{drained.Name} is drained and empty" : null);
            return code;
        });
    }
}
