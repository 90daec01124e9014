// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Planning.Mutations;
using ClusterManager.Manager.Planning.Releases;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api.Projection;

/// <summary>Releases of stacks as callers see them. Pure.</summary>
internal static class ReleaseProjection
{
    /// <summary>The kept releases, newest first.</summary>
    /// <exception cref="global::Grpc.Core.RpcException">There is no such stack.</exception>
    public static V1.StackHistory History(ClusterState state, string stack)
    {
        if (!state.Releases.ContainsKey(stack) && state.Services.Values.All(service => service.Name.Stack != stack))
            throw ApiErrors.Of(Refusals.NotFound("stack", stack, state.Services.Values.Select(one => one.Name.Stack).Distinct()));
        var history = new V1.StackHistory { Stack = stack };
        history.Releases.AddRange(ReleaseBook.Of(state, stack).Values.Reverse().Select(entry => Status(state, entry)));
        return history;
    }

    public static V1.ReleaseStatus Status(ClusterState state, ReleaseEntry entry)
    {
        var status = new V1.ReleaseStatus
        {
            Stack = entry.Stack, Number = entry.Number, State = (V1.ReleaseState)entry.State, Actor = entry.Actor,
            CreatedUnixMs = entry.CreatedAt.ToUnixTimeMilliseconds(), EndedUnixMs = entry.EndedAt?.ToUnixTimeMilliseconds() ?? 0,
            RollbackOf = entry.RollbackOf, Failed = entry.Failed,
            Reason = entry.Reason is { } reason ? ReportMapping.ToWire(reason) : null,
            RollbackReason = entry.RollbackReason is { } why ? ReportMapping.ToWire(why) : null,
        };
        status.Members.AddRange(entry.Members.Values.Select(member => Member(state, entry, member)));
        return status;
    }

    private static V1.ReleaseMember Member(ClusterState state, ReleaseEntry entry, ReleaseMember member)
    {
        var revision = state.Revisions.GetValueOrDefault(member.Service)?.GetValueOrDefault(member.Revision);
        var digest = member.Digest.Length > 0 || revision?.Image is not { } image ? member.Digest
            : image.Digest.Length > 0 ? image.Digest : image.ImageId;
        return new V1.ReleaseMember
        {
            Name = member.Name, State = (V1.ReleaseMemberState)member.State, Revision = member.Revision, Rollout = member.Rollout,
            FromRevision = member.FromRevision, Image = revision?.Spec.Container.Image ?? "", Digest = digest, Made = member.IsMade,
            WaitsFor = entry.State == ReleaseState.Applying && member.State == ReleaseMemberState.Waiting
                ? WaitsFor(state, entry, member.Name) : "",
        };
    }

    private static string WaitsFor(ClusterState state, ReleaseEntry entry, string name) =>
        state.Releases[entry.Stack].Services.FirstOrDefault(spec => spec.Name.Name == name) is { } spec
            ? DependencyWatch.WaitsFor(state, entry, spec) ?? "" : "";
}
