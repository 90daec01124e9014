// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>One reason for "no node takes it", from what each node says.</summary>
internal static class PlacementSummary
{
    public static Reason Of(Scheduler scheduler, ImmutableArray<NodeVerdict> verdicts, bool anyReady)
    {
        if (verdicts.IsEmpty) return new Reason(ReasonCode.NoReadyNode, "the cluster has no node");
        if (!scheduler.CouldEverFit()) return new Reason(ReasonCode.NoNodeMatches, $"no node can ever take it: {Causes(verdicts)}");
        if (PortSummary.Of(scheduler, verdicts) is { } port) return port;
        return anyReady
            ? new Reason(ReasonCode.NoNodeFreeNow, $"no node can take it now: {Causes(verdicts)}")
            : new Reason(ReasonCode.NoReadyNode, $"no node is ready: {Causes(verdicts)}");
    }

    /// <summary>Equal causes are told once, with the first node's numbers and a count.</summary>
    private static string Causes(ImmutableArray<NodeVerdict> verdicts) => string.Join("; ", verdicts
        .Where(verdict => verdict.Reason is not null)
        .GroupBy(verdict => verdict.Reason!.Code).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Take(4)
        .Select(group => group.Count() == 1 ? group.First().Reason!.Text
            : $"{group.First().Reason!.Text} (and {group.Count() - 1} more alike)"));
}
