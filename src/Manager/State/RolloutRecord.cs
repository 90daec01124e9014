// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>Moving a service from one revision (or replica count) to another, and how it ended. It always ends.</summary>
public sealed record RolloutRecord
{
    /// <summary>Counts the service's rollouts, from 1. A caller waits for its number.</summary>
    public required int Number { get; init; }

    /// <summary>Under way, or how it ended.</summary>
    public required RolloutState State { get; init; }

    /// <summary>The revision before; 0: none.</summary>
    public int FromRevision { get; init; }

    /// <summary>The revision asked for.</summary>
    public required int ToRevision { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null: under way.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How long it may go without progress.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>Why it failed; null: it did not.</summary>
    public Reason? Reason { get; init; }

    /// <summary>The allocation whose failure ended it; null: none.</summary>
    public AllocationId? Failed { get; init; }

    /// <summary>Name of the node of <see cref="Failed"/>; empty: none.</summary>
    public string FailedNode { get; init; } = "";

    /// <summary>
    /// It failed or was aborted, and <see cref="FromRevision"/> is wanted again: under way back, or back. <see cref="Reason"/> and
    /// <see cref="Failed"/> say what it failed by.
    /// </summary>
    public bool IsGoingBack { get; init; }

    /// <summary>An operator ended it.</summary>
    public bool IsAborted { get; init; }

    /// <summary>Nothing new begins until an operator says so.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Why the way back failed too; null: it did not.</summary>
    public Reason? RollbackReason { get; init; }

    /// <summary>Replicas wanted before; null: not known.</summary>
    public int? FromReplicas { get; init; }

    /// <summary>The canary's step under way, from 0; those before it are passed.</summary>
    public int Step { get; init; }

    /// <summary>Since when all of the step's replicas are good: its hold counts from here. Null: not yet, or not any more.</summary>
    public DateTimeOffset? StepReachedAt { get; init; }

    /// <summary>The gates of this step that are open, a bit for each in the order of the policy.</summary>
    public int GatesOpen { get; init; }

    /// <summary>An operator lets all of it go on: no more steps, holds and gates.</summary>
    public bool IsPromoted { get; init; }

    /// <summary>
    /// It goes by colours: both revisions run whole, and the name leads to one of them. <see cref="StepReachedAt"/> and
    /// <see cref="GatesOpen"/> are then those of the switch.
    /// </summary>
    public bool HasColours { get; init; }

    /// <summary>When the name began to lead to the new colour; null: not yet.</summary>
    public DateTimeOffset? SwitchedAt { get; init; }

    /// <summary>The old colour runs on until then, once the name leads to it no more; null: it still does.</summary>
    public DateTimeOffset? KeepUntil { get; init; }

    /// <summary>The name leads to the new colour, and the verdict is not given yet.</summary>
    public bool HasSwitched => State == RolloutState.Running && SwitchedAt is not null && !IsGoingBack;

    /// <summary>
    /// It is a deploy: the hooks of its revision run if it changes what containers are made of. Not so for a scale, a rollback by hand and
    /// the like.
    /// </summary>
    public bool RunsHooks { get; init; }

    /// <summary>The run of <c>pre_deploy</c>; null: not begun.</summary>
    public HookRun? PreDeploy { get; init; }

    /// <summary>The run of <c>post_deploy</c>; null: not begun.</summary>
    public HookRun? PostDeploy { get; init; }

    /// <summary>The revision that replicas are to run now.</summary>
    public int WantedRevision => IsGoingBack ? FromRevision : ToRevision;

    /// <summary>Who asked for it.</summary>
    public required string Actor { get; init; }

    /// <summary>The run of a hook; null: not begun.</summary>
    public HookRun? HookOf(HookKind kind) => kind switch
    {
        HookKind.PreDeploy => PreDeploy,
        HookKind.PostDeploy => PostDeploy,
        _ => null,
    };

    /// <summary>With the run of a hook in its place.</summary>
    public RolloutRecord With(HookRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Kind == HookKind.PreDeploy ? this with { PreDeploy = run } : this with { PostDeploy = run };
    }
}
