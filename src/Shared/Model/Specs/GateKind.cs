// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>Who opens a gate between two steps of a canary.</summary>
public enum GateKind
{
    /// <summary>A person, by <c>cluster rollout approve</c>.</summary>
    Approve = 1,

    /// <summary>A program, asked by HTTP: an answer of 200 to 299 opens it.</summary>
    Http = 2,

    /// <summary>A figure that Prometheus knows.</summary>
    Prometheus = 3,
}
