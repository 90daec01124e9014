// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Planning;

/// <summary>Why a service is as it is.</summary>
/// <param name="Nodes">What each node says of one more replica, placed now, by node.</param>
/// <param name="Summary">One or a few sentences.</param>
/// <param name="NearestFix">The one command that would unblock it; empty: nothing is blocked, or no single command would do.</param>
public sealed record ServiceExplanation(ImmutableArray<NodeVerdict> Nodes, string Summary, string NearestFix);
