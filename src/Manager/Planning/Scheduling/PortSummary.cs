// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>
/// When nothing but the fixed port keeps a replica from every node that counts: PortTaken if an agent found it taken somewhere, else
/// PortInUse (all holders are allocations of ours). Nodes that are down, paused or drained do not
/// count, nor those that could never take it.
/// </summary>
internal static class PortSummary
{
    private const int NodesTold = 6;

    /// <summary>Null: on some node something else stands in the way, or the holder is stopping.</summary>
    public static Reason? Of(Scheduler scheduler, ImmutableArray<NodeVerdict> verdicts)
    {
        var counted = verdicts.Where(verdict => scheduler.CouldEverFit(verdict.Node) && !IsOut(verdict.Reason)).ToList();
        if (counted.Count == 0 || !counted.TrueForAll(verdict => verdict.Reason?.Code is ReasonCode.PortInUse or ReasonCode.FailedHere))
            return null;
        var isTaken = counted.Exists(verdict => verdict.Reason!.Code == ReasonCode.FailedHere);
        var told = string.Join("; ", counted.Take(NodesTold).Select(verdict => verdict.Reason!.Text));
        var more = counted.Count > NodesTold ? $"; and {counted.Count - NodesTold} nodes more" : "";
        return new Reason(isTaken ? ReasonCode.PortTaken : ReasonCode.PortInUse, $"its port is free on no node: {told}{more}");
    }

    private static bool IsOut(Reason? reason) =>
        reason?.Code is ReasonCode.NodeDown or ReasonCode.NodePaused or ReasonCode.NodeDrained;
}
