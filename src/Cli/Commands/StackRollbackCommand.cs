// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster stack rollback</c>: a kept release again, as the next one.</summary>
internal static class StackRollbackCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("rollback",
            "Bring the release that served before back, or any kept one that has succeeded, and wait. No registry is asked.",
            "cluster stack rollback shop\ncluster stack rollback shop --to 7");
        var name = StackArgument.Make();
        var to = new Option<int?>("--to") { Description = "The release (cluster stack history STACK lists them)", HelpName = "N" };
        var prune = new Option<bool>("--prune") { Description = "Remove services of the stack that the release does not have" };
        var onFailure = OnFailureOption.Make();
        var wait = new WaitOptions();
        command.Add(name);
        command.Add(to);
        command.Add(prune);
        command.Add(onFailure);
        wait.AddTo(command, withTimeout: false);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var stack = parse.GetValue(name)!;
            if (parse.GetValue(to) is < 1) throw new CliException(ExitCode.BadInput, "--to: a release's number from 1 is expected");
            var request = new V1.StackRollbackRequest
            {
                RequestId = RequestId.New(), Stack = stack, ToRelease = parse.GetValue(to) ?? 0,
                Prune = parse.GetValue(prune), Keep = OnFailureOption.IsKeep(parse, onFailure),
            };
            var response = await session.Cluster.MutateAsync(
                (invoker, options) => new V1.StackApi.StackApiClient(invoker).RollbackAsync(request, options), cancellationToken);
            return await ChangeFlow.FinishAsync(session, $"Rollback of {request.Stack}",
                $"Rolled {request.Stack} back as release {response.Release}", response.Services, wait, parse, cancellationToken,
                new ReleaseTarget(stack, response.Release));
        });
    }
}
