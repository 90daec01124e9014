// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster service update</c> and <c>cluster update</c>: changes to one service, from the revision that was read.</summary>
internal static class ServiceUpdateCommand
{
    // Somebody else may have changed the service between our reading and writing; the change is then made to the newer spec.
    private const int TriesMax = 3;

    private sealed record Options(
        Argument<string> Name, ServiceFlags Flags, Option<bool> Force, Option<string?> Plan, WaitOptions Wait);

    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("update", "Change a service and wait until the new revision runs.",
            "cluster update web --image registry.lab:5000/web:2\ncluster update web --env LEVEL=debug --env-rm TRACE");
        var options = new Options(
            new Argument<string>("SERVICE") { Description = "The service" },
            new ServiceFlags(isUpdate: true),
            new Option<bool>("--force") { Description = "Replace the containers though nothing changed" },
            PlanOption.Make(),
            new WaitOptions());
        options.Name.CompletionSources.Add(NameCompletion.Services(shell));
        command.Add(options.Name);
        options.Flags.AddTo(command);
        command.Add(options.Force);
        command.Add(options.Plan);
        options.Wait.AddTo(command);
        return shell.Bind(command, (session, parse, cancellationToken) => RunAsync(session, parse, options, cancellationToken));
    }

    private static async Task<ExitCode> RunAsync(
        CliSession session, ParseResult parse, Options options, CancellationToken cancellationToken)
    {
        var name = ServiceName.Parse(parse.GetValue(options.Name)!);
        if (!options.Flags.AnyGiven(parse) && !parse.GetValue(options.Force) && options.Wait.DeadlineOf(parse) is null)
            throw new CliException(ExitCode.BadInput, "no change is given", "cluster update --help");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var applied = await ChangeAsync(session, parse, options, name, cancellationToken);
                return await ChangeFlow.FinishAsync(
                    session, $"Update of {name.Display}", $"Updated {name.Display} to revision {applied.Revision}", [applied], options.Wait,
                    parse, cancellationToken);
            }
            catch (CliException e) when (e.Code == ExitCode.Conflict && attempt < TriesMax && parse.GetValue(options.Plan) is null)
            {
                session.Note($"notice: {name.Display} was changed meanwhile; trying again on the newer revision");
            }
        }
    }

    private static async Task<V1.AppliedService> ChangeAsync(
        CliSession session, ParseResult parse, Options options, ServiceName name, CancellationToken cancellationToken)
    {
        var (before, request) = await RequestAsync(
            session, parse, options.Flags, name, options.Wait.DeadlineOf(parse), parse.GetValue(options.Force), cancellationToken);
        request.Plan = parse.GetValue(options.Plan) ?? "";
        session.Note($"~ {name.Display}   "
            + (PlanText.Changes(before, request.Spec.ToModel()) ?? (request.Force ? "replace the containers" : "nothing changes")));
        var response = await session.Cluster.MutateAsync(
            (invoker, call) => new V1.ServiceApi.ServiceApiClient(invoker).ApplyAsync(request, call), cancellationToken);
        return response.Service;
    }

    /// <summary>What the flags ask for, from the revision that is read now: the same for an update and for its plan.</summary>
    /// <returns>The spec as it is, with the number of replicas wanted now; and the request.</returns>
    internal static async Task<(ServiceSpec Before, V1.ApplyServiceRequest Request)> RequestAsync(
        CliSession session, ParseResult parse, ServiceFlags flags, ServiceName name, TimeSpan? deadline, bool isForced,
        CancellationToken cancellationToken)
    {
        var detail = await ServiceCalls.GetAsync(session, name, cancellationToken);
        var before = ServiceCalls.Running(detail);
        var after = FlagReader.Apply(flags, parse, session.Environment, before);
        if (deadline is { } given) after = after with { ProgressDeadline = given };
        // The spec still has the number it was created with; what 'scale' set since is kept by naming none.
        if (!flags.IsCountGiven(parse)) after = after with { Replicas = null };
        SpecCheck.Checked(after);
        var request = new V1.ApplyServiceRequest
        {
            RequestId = RequestId.New(), Spec = after.ToWire(), Expect = V1.Expect.Revision, ExpectedRevision = detail.Status.Revision,
            Force = isForced,
        };
        return (before, request);
    }
}
