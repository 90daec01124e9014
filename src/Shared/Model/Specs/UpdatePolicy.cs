// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Model;

/// <summary>
/// How replicas are replaced by newer ones (compose <c>deploy.update_config</c>). It concerns the managers only: a change of it alone
/// restarts nothing.
/// </summary>
public sealed record UpdatePolicy
{
    /// <summary>Most replicas that are replaced at once when nothing is set.</summary>
    private const int AutoAtOnceMax = 10;

    private static readonly ImmutableArray<UpdateStep> CanaryDefault =
        [new() { Amount = 1 }, new() { Amount = 25, IsPercent = true }, new() { Amount = 100, IsPercent = true }];

    private static readonly TimeSpan HoldDefault = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan KeepOldDefault = TimeSpan.FromMinutes(15);

    /// <summary>Nothing set.</summary>
    public static UpdatePolicy Default { get; } = new();

    /// <summary>Replicas replaced at once, 1 to 10,000. Null: see <see cref="ParallelismPercent"/>.</summary>
    public int? Parallelism { get; init; }

    /// <summary>The same in percent of the replicas, 1 to 100, at least one replica. Both null: half of them, at most 10.</summary>
    public int? ParallelismPercent { get; init; }

    /// <summary>New first or old first.</summary>
    public UpdateOrder Order { get; init; } = UpdateOrder.Auto;

    /// <summary>Rest after a batch is good, 0 to 24 h. Zero: the next replica begins as soon as one is good.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>
    /// How long a new replica must have served to be good, 0 to 24 h. Null: 1 s when its health check passes, 5 s without a health check.
    /// </summary>
    public TimeSpan? Monitor { get; init; }

    /// <summary>Share of the replicas that may fail without ending the rollout, 0 to 1. Default 0: the first failure counts.</summary>
    public double MaxFailureRatio { get; init; }

    /// <summary>What happens when more fail.</summary>
    public FailureAction FailureAction { get; init; } = FailureAction.Rollback;

    /// <summary>In which shape the new revision comes.</summary>
    public UpdateStrategy Strategy { get; init; } = UpdateStrategy.Rolling;

    /// <summary>The steps of a canary, at most 20; after the last one the rest follows. Empty: 1, 25 %, 100 %.</summary>
    public ImmutableArray<UpdateStep> Steps { get; init; } = [];

    /// <summary>
    /// How long all of a canary's step must have been good before the next one, or a new colour before the switch, 0 to 24 h. Null: 1 min
    /// of a canary, 0 of a new colour.
    /// </summary>
    public TimeSpan? Hold { get; init; }

    /// <summary>What has to say yes before each next step, or the switch, beside the health of its replicas; at most 5.</summary>
    public ImmutableArray<GateSpec> Gates { get; init; } = [];

    /// <summary>Of blue-green: how long the old colour runs on after the switch, 0 to 24 h. Null: 15 min.</summary>
    public TimeSpan? KeepOld { get; init; }

    /// <summary>What runs before a container is touched; its failure is the rollout's. Null: nothing.</summary>
    public HookSpec? PreDeploy { get; init; }

    /// <summary>What runs when all new replicas are good; its failure is the rollout's. Null: nothing.</summary>
    public HookSpec? PostDeploy { get; init; }

    /// <summary>The steps, or those that hold where none are set.</summary>
    public ImmutableArray<UpdateStep> CanarySteps => Steps.IsEmpty ? CanaryDefault : Steps;

    /// <summary>The hold, or the one that holds where none is set.</summary>
    public TimeSpan CanaryHold => Hold ?? (Strategy == UpdateStrategy.Canary ? HoldDefault : TimeSpan.Zero);

    /// <summary>How long an old colour is kept, or what holds where nothing is set.</summary>
    public TimeSpan KeepsOldFor => KeepOld ?? KeepOldDefault;

    /// <summary>The hook of that kind; null: there is none.</summary>
    public HookSpec? HookOf(HookKind kind) => kind switch
    {
        HookKind.PreDeploy => PreDeploy,
        HookKind.PostDeploy => PostDeploy,
        _ => null,
    };

    /// <summary>Replicas of the new revision, of so many, when the step (from 0) is reached: never fewer than before it.</summary>
    public int ReplicasAt(int step, int replicas)
    {
        var steps = CanarySteps;
        if (step >= steps.Length) return replicas;
        var most = 0;
        for (var i = 0; i <= step; i++) most = Math.Max(most, steps[i].Of(replicas));
        return most;
    }

    /// <summary>Replicas replaced at once, of so many.</summary>
    public int AtOnce(int replicas) => Parallelism ?? (ParallelismPercent is { } percent
        ? Math.Max(1, (int)((long)replicas * percent / 100))
        : Math.Clamp(replicas / 2, 1, AutoAtOnceMax));

    /// <summary>Replicas that may fail, of so many. 0.29 of 100 are 29, though the product of the two is a little less.</summary>
    public int FailuresAllowed(int replicas) => (int)Math.Floor((MaxFailureRatio * replicas) + 1e-9);
}
