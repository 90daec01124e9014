// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>What a mutation did to one object.</summary>
public sealed record RequestOutcome
{
    /// <summary>The service; default: none.</summary>
    public ServiceId Service { get; init; }

    /// <summary>Its name; default: none.</summary>
    public ServiceName Name { get; init; }

    /// <summary>Its revision after the change.</summary>
    public int Revision { get; init; }

    /// <summary>The rollout to wait for.</summary>
    public int Rollout { get; init; }

    /// <summary>What changed.</summary>
    public ServiceChangeKind Change { get; init; }

    /// <summary>A node's or token's id, or a release's number; empty: none.</summary>
    public string Text { get; init; } = "";
}
