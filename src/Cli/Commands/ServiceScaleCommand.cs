// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster service scale</c> and <c>cluster scale</c>: the number of replicas of services.</summary>
internal static class ServiceScaleCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("scale", "Set the number of replicas and wait until they run.", "cluster scale web=5 shop/api=2");
        var targets = new Argument<string[]>("SERVICE=N") { Description = "Services with their number of replicas",
            Arity = ArgumentArity.OneOrMore };
        var plan = PlanOption.Make();
        var wait = new WaitOptions();
        command.Add(targets);
        command.Add(plan);
        wait.AddTo(command);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var request = Request(parse.GetValue(targets)!, wait.DeadlineOf(parse));
            request.Plan = parse.GetValue(plan) ?? "";
            foreach (var target in request.Targets) session.Note($"~ {target.Name.ToModel().Display}   replicas → {target.Replicas}");
            var response = await session.Cluster.MutateAsync(
                (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).ScaleAsync(request, options), cancellationToken);
            var names = string.Join(", ", request.Targets.Select(t => t.Name.ToModel().Display));
            return await ChangeFlow.FinishAsync(session, $"Scaling of {names}", $"Scaled {names}", response.Services, wait, parse,
                cancellationToken);
        });
    }

    /// <summary>What the words ask for: the same for a scaling and for its plan.</summary>
    internal static V1.ScaleRequest Request(IReadOnlyList<string> texts, TimeSpan? deadline)
    {
        var request = new V1.ScaleRequest { RequestId = RequestId.New(), ProgressDeadlineMs = (long)(deadline?.TotalMilliseconds ?? 0) };
        request.Targets.AddRange(Targets(texts));
        return request;
    }

    /// <summary>Reads <c>web=5</c> for each; all wrong ones at once.</summary>
    private static List<V1.ScaleTarget> Targets(IReadOnlyList<string> texts)
    {
        var wrong = new List<string>();
        var targets = new List<V1.ScaleTarget>();
        foreach (var text in texts)
        {
            var equals = text.LastIndexOf('=');
            if (equals > 0 && int.TryParse(text.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var replicas)
                && replicas <= SpecValidator.ReplicasMax)
                targets.Add(new V1.ScaleTarget { Name = ServiceName.Parse(text[..equals]).ToWire(), Replicas = replicas });
            else
                wrong.Add($"'{text}' is not understood: SERVICE=N with N from 0 to {SpecValidator.ReplicasMax} is, for example web=5");
        }

        return wrong.Count == 0 ? targets : throw new CliException(ExitCode.BadInput, "nothing was scaled") { Details = wrong };
    }
}
