// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Releases;
using ClusterManager.Cli.Shell;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster stack ls|ps|history|rollback|release|rm</c>.</summary>
internal static class StackCommands
{
    /// <summary>Makes the group.</summary>
    public static Command Make(CommandShell shell)
    {
        var group = new CliCommand("stack", "The services of compose files.", "cluster stack ls");
        group.Add(Ls(shell));
        group.Add(StackPsCommand.Make(shell));
        group.Add(StackHistoryCommand.Make(shell));
        group.Add(StackRollbackCommand.Make(shell));
        group.Add(ReleaseOf(shell));
        group.Add(Rm(shell));
        return group;
    }

    private static CliCommand Ls(CommandShell shell) =>
        shell.Bind(new CliCommand("ls", "List stacks.", "cluster stack ls -o json"), async (session, _, cancellationToken) =>
        {
            var list = await session.Cluster.ReadAsync(
                (invoker, options) => new V1.StackApi.StackApiClient(invoker).ListAsync(new V1.ListStacksRequest(), options),
                cancellationToken);
            var now = session.Now;
            if (session.Print.IsForPrograms)
                session.Print.List([.. list.Stacks.Select(StackView.Of)], s => s.Name, ViewJson.Default.StackView, []);
            else
                session.Print.Table(list.Stacks,
                [
                    new("NAME", s => s.Name),
                    new("SERVICES", s => s.Services.ToString(CultureInfo.InvariantCulture)),
                    new("RUNNING", s => $"{s.Running}/{s.Desired}"),
                    new("RELEASE", s => s.Release == 0 ? "-" : s.Release.ToString(CultureInfo.InvariantCulture)),
                    new("UPDATED", s => TimeText.Ago(s.UpdatedUnixMs, now)),
                    new("STATE", s => s.Failed.Length > 0 ? $"{Words.Of(s.State)}   {s.Failed} failed" : Words.Of(s.State)),
                ]);
            return ExitCode.Done;
        });

    private static CliCommand ReleaseOf(CommandShell shell)
    {
        var command = new CliCommand(
            "release", "Write the digests that a stack runs, for 'deploy --release' to another cluster.",
            "cluster stack release shop > shop.release\ncluster --context prod deploy -f shop.yml --release shop.release");
        var name = new Argument<string>("STACK") { Description = "The stack" };
        command.Add(name);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var release = await ReleaseSource.ReadAsync(session.Cluster, parse.GetValue(name)!, cancellationToken);
            session.Print.Line(ReleaseFile.Write(release));
            return ExitCode.Done;
        });
    }

    private static CliCommand Rm(CommandShell shell)
    {
        var command = new CliCommand("rm", "Remove a stack's services and wait until their containers are gone; named volumes stay.",
            "cluster stack rm shop");
        var name = new Argument<string>("STACK") { Description = "The stack" };
        var wait = new WaitOptions();
        command.Add(name);
        command.Add(YesOption.Make());
        wait.AddTo(command, withTimeout: false);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var request = new V1.RemoveStackRequest { RequestId = RequestId.New(), Stack = parse.GetValue(name) };
            session.Note($"- all services of stack {request.Stack}");
            var response = await session.Cluster.MutateAsync(
                (invoker, options) => new V1.StackApi.StackApiClient(invoker).RemoveAsync(request, options), cancellationToken);
            return await ChangeFlow.FinishAsync(
                session, $"Removal of {request.Stack}", $"Removed stack {request.Stack}", ServiceRmCommand.Removed(response), wait, parse,
                cancellationToken);
        });
    }
}
