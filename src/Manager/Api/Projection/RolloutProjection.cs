// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api.Projection;

/// <summary>Rollouts and the history of a service as callers see them. Pure.</summary>
internal static class RolloutProjection
{
    /// <summary>The kept revisions, newest first.</summary>
    public static V1.ServiceHistory History(ClusterState state, ServiceRecord service)
    {
        var history = new V1.ServiceHistory { Name = service.Name.ToWire() };
        history.Revisions.AddRange(state.Revisions[service.Id].Values.Reverse().Select(revision => View(service, revision)));
        return history;
    }

    public static V1.RolloutStatus Status(ClusterState state, ServiceRecord service, List<AllocationRecord> allocations,
        DateTimeOffset now)
    {
        var rollout = service.Rollout;
        var progress = state.Memory.Progress.GetValueOrDefault(service.Id);
        var since = progress is { } made && made.Rollout == rollout.Number ? made.At : rollout.StartedAt;
        var running = rollout.State == RolloutState.Running;
        var wanted = state.Revisions.GetValueOrDefault(service.Id)?.GetValueOrDefault(rollout.WantedRevision);
        var patience = RolloutPatience.Of(rollout, wanted);
        var pull = running && ImagePulls.Of(state, service.Id) is { IsDone: false } open ? open : null;
        var status = new V1.RolloutStatus
        {
            Number = rollout.Number, State = (V1.RolloutState)rollout.State, FromRevision = rollout.FromRevision,
            ToRevision = rollout.ToRevision,
            StartedUnixMs = rollout.StartedAt.ToUnixTimeMilliseconds(), EndedUnixMs = rollout.EndedAt?.ToUnixTimeMilliseconds() ?? 0,
            DeadlineMs = (long)RolloutPatience.Longest(rollout, wanted).TotalMilliseconds,
            RemainingMs = running && !rollout.IsPaused
                ? Math.Max(0, (long)((HookProjection.TimeOut(state, rollout, wanted) ?? (since + patience)) - now).TotalMilliseconds) : 0,
            Reason = ReportMapping.ToWire(rollout.Reason), Failed = rollout.Failed?.ToWire(), FailedNode = rollout.FailedNode,
            PullNodes = pull?.Nodes.Count ?? 0, PulledNodes = pull?.PresentCount ?? 0,
            Phase = pull is not null ? "pulling" : running ? Phase(state, service, allocations) : "",
            Updated = allocations.Count(one => IsCurrent(state, service, one) && ServiceProjection.IsAvailable(state, one)),
            GoingBack = rollout.IsGoingBack, Paused = rollout.IsPaused, Actor = rollout.Actor,
            RollbackReason = rollout.RollbackReason is { } why ? ReportMapping.ToWire(why) : null,
            PreDeploy = HookProjection.Status(rollout.PreDeploy, now), PostDeploy = HookProjection.Status(rollout.PostDeploy, now),
        };
        ColourProjection.Add(status, state, service, wanted, now);
        if (running && wanted is not null) CanaryProjection.Add(status, state, service, wanted.Spec.Update, now);
        return status;
    }

    private static bool IsCurrent(ClusterState state, ServiceRecord service, AllocationRecord allocation)
    {
        var revisions = state.Revisions.GetValueOrDefault(service.Id);
        var current = revisions?.GetValueOrDefault(service.Revision)?.TemplateHash;
        return revisions?.GetValueOrDefault(allocation.Revision)?.TemplateHash == current;
    }

    private static string Phase(ClusterState state, ServiceRecord service, List<AllocationRecord> allocations)
    {
        var revision = state.Revisions.GetValueOrDefault(service.Id)?.GetValueOrDefault(service.Revision);
        if (revision?.Image is null) return "resolving";
        if (HookProjection.Phase(service.Rollout) is { } hook) return hook;
        if (state.Gaps.ContainsKey(service.Id)) return "placing";
        var states = allocations.Where(one => one.IsWanted && !HookSlot.IsHook(one.Id.Slot) && IsCurrent(state, service, one))
            .Select(one => state.Observations.GetValueOrDefault(one.Id)?.State);
        var slowest = states.Min() ?? AllocationState.Assigned;
        return slowest switch
        {
            AllocationState.Assigned => "placing",
            AllocationState.Pulling => "pulling",
            AllocationState.Creating or AllocationState.Starting => "starting",
            _ => "watching",
        };
    }

    private static V1.RevisionView View(ServiceRecord service, RevisionRecord revision)
    {
        var view = new V1.RevisionView
        {
            Number = revision.Number, Image = revision.Spec.Container.Image, ResolvedImage = revision.Image?.Pinned ?? "",
            CreatedUnixMs = revision.CreatedAt.ToUnixTimeMilliseconds(), Actor = revision.Actor,
            Wanted = revision.Number == service.Revision,
        };
        if (service.Verdicts.TryGetValue(revision.Number, out var verdict))
        {
            view.State = (V1.RolloutState)verdict.State;
            view.Rollout = verdict.Rollout;
            view.EndedUnixMs = verdict.EndedAt.ToUnixTimeMilliseconds();
            view.Reason = verdict.Reason;
            view.Served = verdict.HasServed;
        }

        // What is under way, or ended before verdicts were noted.
        if (service.Rollout.ToRevision != revision.Number || verdict?.Rollout >= service.Rollout.Number) return view;
        view.State = (V1.RolloutState)service.Rollout.State;
        view.Rollout = service.Rollout.Number;
        view.EndedUnixMs = service.Rollout.EndedAt?.ToUnixTimeMilliseconds() ?? 0;
        view.Reason = service.Rollout.Reason?.Text ?? "";
        view.Served |= service.Rollout.State == RolloutState.Succeeded;
        return view;
    }
}
