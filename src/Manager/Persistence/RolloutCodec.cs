// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Persistence;

/// <summary>Rollouts and their verdicts to and from their stored messages.</summary>
internal static class RolloutCodec
{
    public static V1.StoredRollout ToStored(RolloutRecord rollout)
    {
        var stored = new V1.StoredRollout
        {
            Number = rollout.Number, State = (V1.RolloutState)rollout.State, FromRevision = rollout.FromRevision,
            ToRevision = rollout.ToRevision,
            StartedUnixMs = RecordCodec.Unix(rollout.StartedAt), EndedUnixMs = rollout.EndedAt is { } end ? RecordCodec.Unix(end) : 0,
            DeadlineMs = (long)rollout.Deadline.TotalMilliseconds, Reason = RecordCodec.ToStored(rollout.Reason),
            Failed = rollout.Failed?.ToWire(), FailedNode = rollout.FailedNode, Actor = rollout.Actor,
            GoingBack = rollout.IsGoingBack, Aborted = rollout.IsAborted, Paused = rollout.IsPaused,
            RollbackReason = RecordCodec.ToStored(rollout.RollbackReason),
            Step = rollout.Step, StepReachedUnixMs = rollout.StepReachedAt is { } at ? RecordCodec.Unix(at) : 0,
            GatesOpen = rollout.GatesOpen, Promoted = rollout.IsPromoted,
            Colours = rollout.HasColours, SwitchedUnixMs = rollout.SwitchedAt is { } switched ? RecordCodec.Unix(switched) : 0,
            KeepUntilUnixMs = rollout.KeepUntil is { } until ? RecordCodec.Unix(until) : 0,
            RunsHooks = rollout.RunsHooks, PreDeploy = ToStored(rollout.PreDeploy), PostDeploy = ToStored(rollout.PostDeploy),
        };
        if (rollout.FromReplicas is { } replicas) stored.FromReplicas = replicas;
        return stored;
    }

    public static RolloutRecord ToRecord(V1.StoredRollout stored) => new()
    {
        Number = stored.Number, State = (RolloutState)stored.State, FromRevision = stored.FromRevision, ToRevision = stored.ToRevision,
        StartedAt = RecordCodec.Time(stored.StartedUnixMs),
        EndedAt = stored.EndedUnixMs == 0 ? null : RecordCodec.Time(stored.EndedUnixMs),
        Deadline = TimeSpan.FromMilliseconds(stored.DeadlineMs), Reason = RecordCodec.ToRecord(stored.Reason),
        Failed = stored.Failed is null ? null : stored.Failed.ToModel(), FailedNode = stored.FailedNode, Actor = stored.Actor,
        IsGoingBack = stored.GoingBack, IsAborted = stored.Aborted, IsPaused = stored.Paused,
        RollbackReason = RecordCodec.ToRecord(stored.RollbackReason), FromReplicas = stored.HasFromReplicas ? stored.FromReplicas : null,
        Step = stored.Step, StepReachedAt = stored.StepReachedUnixMs == 0 ? null : RecordCodec.Time(stored.StepReachedUnixMs),
        GatesOpen = stored.GatesOpen, IsPromoted = stored.Promoted,
        HasColours = stored.Colours, SwitchedAt = stored.SwitchedUnixMs == 0 ? null : RecordCodec.Time(stored.SwitchedUnixMs),
        KeepUntil = stored.KeepUntilUnixMs == 0 ? null : RecordCodec.Time(stored.KeepUntilUnixMs),
        RunsHooks = stored.RunsHooks, PreDeploy = ToRecord(stored.PreDeploy), PostDeploy = ToRecord(stored.PostDeploy),
    };

    private static V1.StoredHookRun? ToStored(HookRun? run) => run is null ? null : new V1.StoredHookRun
    {
        Id = run.Id.ToWire(), Node = run.Node, BegunUnixMs = RecordCodec.Unix(run.BegunAt),
        EndedUnixMs = run.EndedAt is { } end ? RecordCodec.Unix(end) : 0, State = (V1.HookState)run.State,
        Reason = RecordCodec.ToStored(run.Reason),
    };

    private static HookRun? ToRecord(V1.StoredHookRun? stored) => stored?.Id is null ? null : new HookRun
    {
        Id = stored.Id.ToModel(), Node = stored.Node, BegunAt = RecordCodec.Time(stored.BegunUnixMs),
        EndedAt = stored.EndedUnixMs == 0 ? null : RecordCodec.Time(stored.EndedUnixMs), State = (HookState)stored.State,
        Reason = RecordCodec.ToRecord(stored.Reason),
    };

    public static V1.StoredRevisionVerdict ToStored(RevisionVerdict verdict) => new()
    {
        Revision = verdict.Revision, Rollout = verdict.Rollout, State = (V1.RolloutState)verdict.State,
        EndedUnixMs = RecordCodec.Unix(verdict.EndedAt), Reason = verdict.Reason, Served = verdict.HasServed,
    };

    public static RevisionVerdict ToRecord(V1.StoredRevisionVerdict stored) => new()
    {
        Revision = stored.Revision, Rollout = stored.Rollout, State = (RolloutState)stored.State,
        EndedAt = RecordCodec.Time(stored.EndedUnixMs), Reason = stored.Reason, HasServed = stored.Served,
    };
}
