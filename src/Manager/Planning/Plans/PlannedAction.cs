// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>One replica that would be placed or stopped.</summary>
/// <param name="Kind">Which of both.</param>
/// <param name="Slot">The replica's slot.</param>
/// <param name="Node">Where.</param>
/// <param name="Revision">Which revision it runs.</param>
/// <param name="Step">Actions of one service with the same number happen at the same moment; from 1.</param>
/// <param name="At">Time since the beginning.</param>
public sealed record PlannedAction(PlannedActionKind Kind, int Slot, NodeId Node, int Revision, int Step, TimeSpan At)
{
    /// <summary>What is done, without when: two plans with equal texts in the same order do the same.</summary>
    public string Deed => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Kind} {Slot} {Node} r{Revision}");
}
