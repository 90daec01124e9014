// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;
using ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary>
/// <c>cluster node drain NODE [--wait|--dry-run]</c>: everything moves off a node, as many at once as each service's update policy says.
/// </summary>
internal static class NodeDrainCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("drain", "Move everything off a node, new replicas first, without losing a request.",
            "cluster node drain n2 --dry-run\ncluster node drain n2 --wait --wait-limit 10m\ncluster node activate n2");
        var node = NodeChangeCommands.NodeArgument(shell);
        var wait = new Option<bool>("--wait", "-w") { Description = "Return when nothing runs there any more" };
        var limit = new WaitOptions();
        command.Add(node);
        command.Add(wait);
        command.Add(limit.WaitLimit);
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Show what would move, where to, in which order and for how long, and what could not; nothing is changed",
        };
        var all = new Option<bool>("--all") { Description = "With --dry-run: all steps, not only the first ones" };
        command.Add(dryRun);
        command.Add(all);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var most = limit.LimitOf(parse);
            if (most is not null && !parse.GetValue(wait))
                throw new CliException(ExitCode.BadInput, "--wait-limit is of use with --wait only", "cluster node drain --help");
            if (parse.GetValue(dryRun))
            {
                if (parse.GetValue(wait))
                    throw new CliException(ExitCode.BadInput, "either --wait or --dry-run", "cluster node drain --help");
                return await PlanAsync(session, parse.GetValue(node)!, parse.GetValue(all), cancellationToken);
            }

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

    // The exit code of a plan: 5 when something could not be placed elsewhere.
    private static async Task<ExitCode> PlanAsync(CliSession session, string node, bool isAll, CancellationToken cancellationToken)
    {
        var request = new PlanRequest { Node = new UpdateNodeRequest { Node = node, Availability = NodeAvailability.Drained } };
        var plan = await PlanCommand.AskAsync(session, request, cancellationToken);
        if (session.Print.IsForPrograms) session.Print.List([PlanView.Of(plan)], one => one.Id, ViewJson.Default.PlanView, []);
        else if (plan.Services.Count == 0) session.Print.Line($"Nothing runs on {node}: a drain moves nothing.");
        else
        {
            PlanReport.Show(session, plan, isAll);
            session.Print.Line($"To do it: cluster node drain {node} --wait");
        }

        return WaitVerdict.OfReasons(plan.Services.Select(one => one.Impossible).OfType<Reason>());
    }
}
