// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster rollback</c>: a rollout to a revision that is kept.</summary>
internal static class RollbackCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("rollback", "Go back to the revision that served before, or to any that is kept, and wait.",
            "cluster rollback web\ncluster rollback web --to 7");
        var name = ServiceArgument.Make(shell);
        var to = new Option<int?>("--to") { Description = "The revision (cluster service history SERVICE lists them)", HelpName = "N" };
        var wait = new WaitOptions();
        command.Add(name);
        command.Add(to);
        wait.AddTo(command);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var service = ServiceName.Parse(parse.GetValue(name)!);
            if (parse.GetValue(to) is < 1) throw new CliException(ExitCode.BadInput, "--to: a revision's number from 1 is expected");
            var request = new V1.RollbackRequest
            {
                RequestId = RequestId.New(), Name = service.ToWire(), ToRevision = parse.GetValue(to) ?? 0,
                ProgressDeadlineMs = (long)(wait.DeadlineOf(parse)?.TotalMilliseconds ?? 0),
            };
            var response = await session.Cluster.MutateAsync(
                (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).RollbackAsync(request, options), cancellationToken);
            session.Note($"~ {service.Display}   back to revision {response.Service.Revision}");
            return await ChangeFlow.FinishAsync(session, $"Rollback of {service.Display}",
                $"Rolled {service.Display} back to revision {response.Service.Revision}", [response.Service], wait, parse,
                cancellationToken);
        });
    }
}
