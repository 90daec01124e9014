// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning;

/// <summary>placeholder until planning lands</summary>
public static class Explainer
{
    /// <summary>x</summary>
    public static (ImmutableArray<NodeVerdict> Nodes, string Summary, string NearestFix) Explain(ClusterState state, ServiceId service, DateTimeOffset now) => ([], "", "");
}
