// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>Which cluster this is and which life of its state. Written once by <c>init</c>; without it no manager leads.</summary>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="Incarnation">From 1.</param>
/// <param name="Name">The cluster's name, for people.</param>
/// <param name="CreatedAt">When <c>init</c> ran.</param>
public sealed record ClusterMeta(ClusterId Cluster, long Incarnation, string Name, DateTimeOffset CreatedAt)
{
    /// <summary>Generations given in this life of the state are above it, so that no id of an earlier life is given again; 0 in the
    /// first.</summary>
    public int GenerationFloor { get; init; }
}
