// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>What placement says of one node for one replica.</summary>
/// <param name="Node">The node.</param>
/// <param name="Reason">The rule that failed with its numbers; null: it fits.</param>
/// <param name="FreeCpuNano">Unreserved CPU in billionths of a core; may be negative.</param>
/// <param name="FreeMemoryBytes">Unreserved memory; may be negative.</param>
/// <param name="Rank">Of the fitting ones, 0 is the best; −1: it does not fit.</param>
public sealed record NodeVerdict(NodeId Node, Reason? Reason, long FreeCpuNano, long FreeMemoryBytes, int Rank);
