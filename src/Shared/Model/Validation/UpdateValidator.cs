// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>The part of <see cref="SpecValidator"/> that concerns how replicas are replaced.</summary>
internal static class UpdateValidator
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    public static void Check(ErrorList errors, ServiceSpec spec)
    {
        var update = spec.Update;
        errors.Defined("update.order", update.Order);
        errors.Defined("update.failure_action", update.FailureAction);
        if (update.Parallelism is { } count) errors.Range("update.parallelism", count, 1, SpecValidator.ReplicasMax);
        if (update.ParallelismPercent is { } percent) errors.Range("update.parallelism", percent, 1, 100);
        if (update is { Parallelism: not null, ParallelismPercent: { } both })
            errors.Add("update.parallelism", $"{both}%", "a number of replicas or a percentage, not both");
        errors.Range("update.delay", update.Delay, TimeSpan.Zero, Day);
        if (update.Monitor is { } monitor) errors.Range("update.monitor", monitor, TimeSpan.Zero, Day);
        if (!(update.MaxFailureRatio is >= 0 and <= 1)) errors.Add("update.max_failure_ratio", update.MaxFailureRatio, "0 to 1");
        var writes = spec.Container.Mounts.Any(mount => mount is { Kind: MountKind.Volume, Source: not null });
        if (update.Order == UpdateOrder.StartFirst && writes)
            errors.Add("update.order", "start-first", "auto or stop-first: two replicas must not write to one named volume");
        CanaryValidator.Check(errors, spec);
        HookValidator.Check(errors, spec);
    }
}
