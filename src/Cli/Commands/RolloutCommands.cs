// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using Action = ClusterManager.Wire.V1.ControlRolloutRequest.Types.Action;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster rollout status|pause|resume|abort|promote|approve</c>: the newest rollout of a service.</summary>
internal static class RolloutCommands
{
    /// <summary>Makes the group.</summary>
    public static Command Make(CommandShell shell)
    {
        var group = new CliCommand("rollout", "The rollout of a service: watch it, pause it, end it.", "cluster rollout status web");
        group.Add(Status(shell));
        group.Add(Order(shell, "pause", "Begin nothing new in a rollout; its deadline stands still.", Action.Pause));
        group.Add(Order(shell, "resume", "Let a paused rollout go on.", Action.Resume));
        group.Add(Abort(shell));
        group.Add(Order(shell, "promote", "Let a canary or a new colour go on without its steps, holds and gates.", Action.Promote));
        group.Add(Order(shell, "approve", "Say yes to the step, or the switch, that waits for a person.", Action.Approve));
        return group;
    }

    private static CliCommand Status(CommandShell shell)
    {
        var command = new CliCommand("status", "Wait for the verdict of a service's newest rollout and tell it.",
            "cluster rollout status web\ncluster rollout status web --detach");
        var name = Name(shell, command);
        var wait = new WaitOptions();
        wait.AddTo(command, withTimeout: false);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var service = ServiceName.Parse(parse.GetValue(name)!);
            var snapshot = await ServiceCalls.ListAsync(session, [service.Display], null, withAllocations: false, cancellationToken);
            var rollout = snapshot.Services[0].Rollout;
            if (!parse.GetValue(wait.Detach) && rollout.State == V1.RolloutState.Running)
            {
                var target = new WaitTarget(service.Display, rollout.Number, IsRemoval: snapshot.Services[0].Removing, IsAnyEnd: true);
                var code = await new RolloutWait(session, $"Rollout {rollout.Number} of {service.Display}", wait.LimitOf(parse))
                    .RunAsync([target], cancellationToken);
                if (code != ExitCode.Done) return code;
                snapshot = await ServiceCalls.ListAsync(session, [service.Display], null, withAllocations: false, cancellationToken);
            }

            return Tell(session, service, snapshot.Services[0].Rollout);
        });
    }

    private static ExitCode Tell(CliSession session, ServiceName service, V1.RolloutStatus rollout)
    {
        if (session.Print.IsForPrograms)
            session.Print.List([RolloutView.Of(rollout)], r => $"{r.Number}", ViewJson.Default.RolloutView, []);
        else session.Print.Line($"{service.Display}: {RolloutWords.Of(rollout)}");
        return rollout.State switch
        {
            V1.RolloutState.Failed or V1.RolloutState.RollbackFailed => ExitCode.Failed,
            V1.RolloutState.RolledBack or V1.RolloutState.Aborted => ExitCode.RolledBack,
            _ => ExitCode.Done,
        };
    }

    private static CliCommand Order(CommandShell shell, string word, string description, Action action)
    {
        var command = new CliCommand(word, description, $"cluster rollout {word} web");
        var name = Name(shell, command);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var service = ServiceName.Parse(parse.GetValue(name)!);
            var applied = await SendAsync(session, service, action, cancellationToken);
            session.Print.Line($"Rollout {applied.Rollout} of {service.Display} " + action switch
            {
                Action.Pause => $"is paused. To go on: cluster rollout resume {service.Display}",
                Action.Promote => "is promoted: all replicas follow, or the name is switched as soon as the new colour is whole.",
                Action.Approve => "is approved for this step or switch.",
                _ => "goes on.",
            });
            return ExitCode.Done;
        });
    }

    private static CliCommand Abort(CommandShell shell)
    {
        var command = new CliCommand("abort", "End a rollout, go back to the revision before, and wait until it runs.",
            "cluster rollout abort web");
        var name = Name(shell, command);
        var wait = new WaitOptions();
        wait.AddTo(command, withTimeout: false);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var service = ServiceName.Parse(parse.GetValue(name)!);
            var applied = await SendAsync(session, service, Action.Abort, cancellationToken);
            if (parse.GetValue(wait.Detach)) return Say(session, service, applied);
            var target = new WaitTarget(service.Display, applied.Rollout, IsRemoval: false, IsAbort: true);
            var code = await new RolloutWait(session, $"Abort of rollout {applied.Rollout} of {service.Display}", wait.LimitOf(parse))
                .RunAsync([target], cancellationToken);
            return code == ExitCode.Done ? Say(session, service, applied) : code;
        });
    }

    private static ExitCode Say(CliSession session, ServiceName service, V1.AppliedService applied)
    {
        session.Print.Line($"Aborted rollout {applied.Rollout} of {service.Display}: revision {applied.Revision} is wanted.");
        return ExitCode.Done;
    }

    private static async Task<V1.AppliedService> SendAsync(
        CliSession session, ServiceName service, Action action, CancellationToken cancellationToken)
    {
        var request = new V1.ControlRolloutRequest { RequestId = RequestId.New(), Name = service.ToWire(), Action = action };
        var response = await session.Cluster.MutateAsync(
            (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).ControlRolloutAsync(request, options), cancellationToken);
        return response.Service;
    }

    private static Argument<string> Name(CommandShell shell, CliCommand command)
    {
        var name = ServiceArgument.Make(shell);
        command.Add(name);
        return name;
    }
}
