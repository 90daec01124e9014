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
        if (update.Strategy != UpdateStrategy.Rolling) wire.Strategy = (V1.UpdateStrategy)update.Strategy;
        wire.Steps.AddRange(update.Steps.Select(step => new V1.UpdateStep { Amount = step.Amount, Percent = step.IsPercent }));
        if (update.Hold is { } hold) wire.HoldMs = SpecMapping.Milliseconds(hold);
        if (update.KeepOld is { } keep) wire.KeepOldMs = SpecMapping.Milliseconds(keep);
        wire.Gates.AddRange(update.Gates.Select(ToWire));
        wire.PreDeploy = ToWire(update.PreDeploy);
        wire.PostDeploy = ToWire(update.PostDeploy);
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
            Strategy = wire.Strategy == V1.UpdateStrategy.Unspecified ? UpdateStrategy.Rolling : (UpdateStrategy)wire.Strategy,
            // None are the very none of the default policy: records compare collections by reference.
            Steps = wire.Steps.Count == 0 ? [] : [.. wire.Steps.Select(ToModel)],
            Hold = wire.HasHoldMs ? SpecMapping.Span(wire.HoldMs) : null,
            KeepOld = wire.HasKeepOldMs ? SpecMapping.Span(wire.KeepOldMs) : null,
            Gates = wire.Gates.Count == 0 ? [] : [.. wire.Gates.Select(ToModel)],
            PreDeploy = ToModel(wire.PreDeploy),
            PostDeploy = ToModel(wire.PostDeploy),
        };

    private static V1.UpdateGate ToWire(GateSpec gate) => new()
    {
        Kind = (V1.GateKind)gate.Kind, TimeoutMs = SpecMapping.Milliseconds(gate.Timeout), Url = gate.Url, Query = gate.Query,
        Comparison = (V1.GateComparison)gate.Comparison, Threshold = gate.Threshold, IntervalMs = SpecMapping.Milliseconds(gate.Interval),
    };

    private static V1.HookSpec? ToWire(HookSpec? hook)
    {
        if (hook is null) return null;
        var wire = new V1.HookSpec { TimeoutMs = SpecMapping.Milliseconds(hook.Timeout) };
        wire.Command.AddRange(hook.Command);
        return wire;
    }

    private static HookSpec? ToModel(V1.HookSpec? wire) => wire is null ? null
        : new HookSpec { Command = [.. wire.Command], Timeout = SpecMapping.Span(wire.TimeoutMs) };

    private static UpdateStep ToModel(V1.UpdateStep wire) => new() { Amount = wire.Amount, IsPercent = wire.Percent };

    private static GateSpec ToModel(V1.UpdateGate wire) => new()
    {
        Kind = (GateKind)wire.Kind, Timeout = SpecMapping.Span(wire.TimeoutMs), Url = wire.Url, Query = wire.Query,
        Comparison = wire.Comparison == V1.GateComparison.Unspecified ? GateComparison.Less : (GateComparison)wire.Comparison,
        Threshold = wire.Threshold, Interval = wire.IntervalMs == 0 ? TimeSpan.FromSeconds(15) : SpecMapping.Span(wire.IntervalMs),
    };
}
