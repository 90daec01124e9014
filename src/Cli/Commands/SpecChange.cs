// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary>A change to one service from the revision that was read: shown, sent, waited for.</summary>
internal sealed record SpecChange
{
    // Somebody else may have changed the service between our reading and writing; the change is then made to the newer spec.
    private const int TriesMax = 3;

    /// <summary>The service.</summary>
    public required ServiceName Name { get; init; }

    /// <summary>What is done, for example "Update".</summary>
    public required string What { get; init; }

    /// <summary>What is said at the end, with the new revision's number.</summary>
    public required Func<int, string> Done { get; init; }

    /// <summary>The spec as it is to be, from the one that is. A number of replicas that is left null stays as it is.</summary>
    public required Func<ServiceSpec, ServiceSpec> Change { get; init; }

    /// <summary>The containers are replaced though nothing changed.</summary>
    public bool IsForced { get; init; }

    /// <summary>The plan that binds it; empty: none.</summary>
    public string Plan { get; init; } = "";

    /// <summary>Carries it out.</summary>
    /// <exception cref="CliException">There is no such service, or the changed spec is not valid.</exception>
    public static async Task<ExitCode> RunAsync(
        CliSession session, SpecChange change, WaitOptions wait, ParseResult parse, CancellationToken cancellationToken)
    {
        var name = change.Name.Display;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var applied = await change.SendAsync(session, wait.DeadlineOf(parse), cancellationToken);
                return await ChangeFlow.FinishAsync(
                    session, $"{change.What} of {name}", change.Done(applied.Revision), [applied], wait, parse, cancellationToken);
            }
            catch (CliException e) when (e.Code == ExitCode.Conflict && attempt < TriesMax && change.Plan.Length == 0)
            {
                session.Note($"notice: {name} was changed meanwhile; trying again on the newer revision");
            }
        }
    }

    /// <summary>What is asked for, from the revision that is read now: the same for the change and for its plan.</summary>
    /// <returns>The spec as it is, with the number of replicas wanted now; and the request.</returns>
    public async Task<(ServiceSpec Before, V1.ApplyServiceRequest Request)> RequestAsync(
        CliSession session, TimeSpan? deadline, CancellationToken cancellationToken)
    {
        var detail = await ServiceCalls.GetAsync(session, Name, cancellationToken);
        var before = ServiceCalls.Running(detail);
        var after = Change(before);
        if (deadline is { } limit) after = after with { ProgressDeadline = limit };
        SpecCheck.Checked(after);
        var request = new V1.ApplyServiceRequest
        {
            RequestId = RequestId.New(), Spec = after.ToWire(), Expect = V1.Expect.Revision, ExpectedRevision = detail.Status.Revision,
            Force = IsForced, Plan = Plan,
        };
        return (before, request);
    }

    private async Task<V1.AppliedService> SendAsync(CliSession session, TimeSpan? deadline, CancellationToken cancellationToken)
    {
        var (before, request) = await RequestAsync(session, deadline, cancellationToken);
        session.Note($"~ {Name.Display}   "
            + (PlanText.Changes(before, request.Spec.ToModel()) ?? (IsForced ? "replace the containers" : "nothing changes")));
        var response = await session.Cluster.MutateAsync(
            (invoker, call) => new V1.ServiceApi.ServiceApiClient(invoker).ApplyAsync(request, call), cancellationToken);
        return response.Service;
    }
}
