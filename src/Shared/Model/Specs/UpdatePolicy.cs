// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>
/// How replicas are replaced by newer ones (compose <c>deploy.update_config</c>). It concerns the managers only: a change of it alone
/// restarts nothing.
/// </summary>
public sealed record UpdatePolicy
{
    /// <summary>Most replicas that are replaced at once when nothing is set.</summary>
    private const int AutoAtOnceMax = 10;

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

    /// <summary>Replicas replaced at once, of so many.</summary>
    public int AtOnce(int replicas) => Parallelism ?? (ParallelismPercent is { } percent
        ? Math.Max(1, (int)((long)replicas * percent / 100))
        : Math.Clamp(replicas / 2, 1, AutoAtOnceMax));

    /// <summary>Replicas that may fail, of so many. 0.29 of 100 are 29, though the product of the two is a little less.</summary>
    public int FailuresAllowed(int replicas) => (int)Math.Floor((MaxFailureRatio * replicas) + 1e-9);
}
