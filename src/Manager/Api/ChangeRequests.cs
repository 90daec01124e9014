// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Tracking;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>
/// Requests that change services as the engine takes them: checked, with all errors at once. A plan and the change itself go through the
/// same door, so neither can be understood in another way than the other.
/// </summary>
internal static class ChangeRequests
{
    /// <summary>A request that was checked; the origin and the ticket are added when it is submitted.</summary>
    public delegate ClusterEvent.Mutation Make(long ticket, MutationOrigin origin);

    /// <param name="request">The request.</param>
    /// <param name="now">What is wanted now: where a file names the version that a service followed its image from, it stays.</param>
    /// <exception cref="global::Grpc.Core.RpcException">INVALID_ARGUMENT with all fields.</exception>
    public static Make Of(V1.DeployRequest request, ClusterState now)
    {
        ImmutableArray<AcceptedSpec> specs =
        [
            .. SpecAcceptance.AcceptAll(request.Services, request.Stack).Select(accepted =>
                TrackingNotes.Kept(now, accepted.Spec) is var kept && kept != accepted.Spec ? SpecAcceptance.Of(kept) : accepted),
        ];
        return (ticket, origin) => new ClusterEvent.DeployStack(ticket, origin, request.Stack, specs, request.Prune)
        {
            Keeps = request.Keep,
        };
    }

    /// <exception cref="global::Grpc.Core.RpcException">INVALID_ARGUMENT with all fields.</exception>
    public static Make Of(V1.ApplyServiceRequest request)
    {
        var spec = SpecAcceptance.Accept(request.Spec);
        if (request.Expect is < V1.Expect.Any or > V1.Expect.Revision)
            throw ApiErrors.Invalid("expect", request.Expect.ToString(), "ANY, ABSENT or REVISION");
        return (ticket, origin) => new ClusterEvent.ApplyService(
            ticket, origin, spec, (ApplyExpectation)request.Expect, request.ExpectedRevision, request.Force);
    }

    /// <exception cref="global::Grpc.Core.RpcException">INVALID_ARGUMENT with all fields.</exception>
    public static Make Of(V1.ScaleRequest request)
    {
        if (request.Targets.Count == 0) throw ApiErrors.Invalid("targets", "", "at least one service");
        var bad = request.Targets.Where(target => target.Replicas is < 0 or > SpecValidator.ReplicasMax)
            .Select(target => new FieldError(
                $"{target.Name.ToModel().Display}.replicas", $"{target.Replicas}", $"0 to {SpecValidator.ReplicasMax}"));
        if (bad.ToList() is { Count: > 0 } errors) throw ApiErrors.Invalid([.. errors]);
        var deadline = DeadlineOf(request.ProgressDeadlineMs);
        return (ticket, origin) => new ClusterEvent.ScaleServices(
            ticket, origin, [.. request.Targets.Select(target => (target.Name.ToModel(), target.Replicas))], deadline);
    }

    /// <exception cref="global::Grpc.Core.RpcException">INVALID_ARGUMENT.</exception>
    public static Make Of(V1.RemoveServicesRequest request)
    {
        if (request.Names.Count == 0) throw ApiErrors.Invalid("names", "", "at least one service");
        return (ticket, origin) => new ClusterEvent.RemoveServices(ticket, origin, [.. request.Names.Select(name => name.ToModel())]);
    }

    /// <exception cref="global::Grpc.Core.RpcException">INVALID_ARGUMENT.</exception>
    public static Make Of(V1.RollbackRequest request)
    {
        if (request.ToRevision < 0) throw ApiErrors.Invalid("to_revision", $"{request.ToRevision}", "a revision's number, or 0");
        var deadline = DeadlineOf(request.ProgressDeadlineMs);
        return (ticket, origin) => new ClusterEvent.RollBackService(
            ticket, origin, request.Name.ToModel(), request.ToRevision, deadline);
    }

    /// <exception cref="global::Grpc.Core.RpcException">INVALID_ARGUMENT.</exception>
    public static Make Of(V1.StackRollbackRequest request)
    {
        if (!DnsLabel.IsValid(request.Stack)) throw ApiErrors.Invalid("stack", request.Stack, DnsLabel.Allowed);
        if (request.ToRelease < 0) throw ApiErrors.Invalid("to_release", $"{request.ToRelease}", "a release's number, or 0");
        return (ticket, origin) => new ClusterEvent.RollBackStack(ticket, origin, request.Stack, request.ToRelease)
        {
            Prune = request.Prune, Keeps = request.Keep,
        };
    }

    /// <exception cref="global::Grpc.Core.RpcException">INVALID_ARGUMENT.</exception>
    private static Make Of(V1.UpdateNodeRequest request)
    {
        if (request.Availability != V1.NodeAvailability.Drained || request.SetLabels.Count > 0 || request.RemoveLabels.Count > 0)
            throw ApiErrors.Invalid("node.availability", request.Availability.ToString(), "DRAINED, and no labels");
        return (ticket, origin) => new ClusterEvent.UpdateNode(
            ticket, origin, request.Node, Maps.Empty, ImmutableSortedSet.Create<string>(StringComparer.Ordinal), NodeAvailability.Drained);
    }

    /// <exception cref="global::Grpc.Core.RpcException">INVALID_ARGUMENT.</exception>
    public static Make Of(V1.PlanRequest request, ClusterState now) => request.ChangeCase switch
    {
        V1.PlanRequest.ChangeOneofCase.Deploy => Of(request.Deploy, now),
        V1.PlanRequest.ChangeOneofCase.Apply => Of(request.Apply),
        V1.PlanRequest.ChangeOneofCase.Scale => Of(request.Scale),
        V1.PlanRequest.ChangeOneofCase.Remove => Of(request.Remove),
        V1.PlanRequest.ChangeOneofCase.Rollback => Of(request.Rollback),
        V1.PlanRequest.ChangeOneofCase.Node => Of(request.Node),
        _ => throw ApiErrors.Invalid("change", "", "deploy, apply, scale, remove, rollback or the drain of a node"),
    };

    private static TimeSpan? DeadlineOf(long milliseconds)
    {
        if (milliseconds == 0) return null;
        return milliseconds is >= 1000 and <= 86_400_000 ? TimeSpan.FromMilliseconds(milliseconds)
            : throw ApiErrors.Invalid("progress_deadline", Text.Duration(SpecMapping.Span(milliseconds)), "1s to 24h");
    }
}
