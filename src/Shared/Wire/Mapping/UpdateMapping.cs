// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Wire;

/// <summary><see cref="UpdatePolicy"/> to and from the wire. Where nothing is set nothing is written, so that no hash changes.</summary>
internal static class UpdateMapping
{
    public static V1.UpdatePolicy? ToWire(this UpdatePolicy update)
    {
        if (update == UpdatePolicy.Default) return null;
        var wire = new V1.UpdatePolicy
        {
            Order = (V1.UpdateOrder)update.Order,
            DelayMs = SpecMapping.Milliseconds(update.Delay),
            MaxFailureRatio = update.MaxFailureRatio,
            FailureAction = (V1.FailureAction)update.FailureAction,
        };
        if (update.Parallelism is { } count) wire.Parallelism = count;
        if (update.ParallelismPercent is { } percent) wire.ParallelismPercent = percent;
        if (update.Monitor is { } monitor) wire.MonitorMs = SpecMapping.Milliseconds(monitor);
        return wire;
    }

    public static UpdatePolicy ToModel(this V1.UpdatePolicy? wire) => wire is null
        ? UpdatePolicy.Default
        : new UpdatePolicy
        {
            Parallelism = wire.HasParallelism ? wire.Parallelism : null,
            ParallelismPercent = wire.HasParallelismPercent ? wire.ParallelismPercent : null,
            Order = wire.Order == V1.UpdateOrder.Unspecified ? UpdateOrder.Auto : (UpdateOrder)wire.Order,
            Delay = SpecMapping.Span(wire.DelayMs),
            Monitor = wire.HasMonitorMs ? SpecMapping.Span(wire.MonitorMs) : null,
            MaxFailureRatio = wire.MaxFailureRatio,
            FailureAction = wire.FailureAction == V1.FailureAction.Unspecified ? FailureAction.Rollback : (FailureAction)wire.FailureAction,
        };
}
