// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>A named volume and its home: the node where it was first created. What uses it runs there and nowhere else.</summary>
public sealed record VolumeRecord
{
    /// <summary>The stack it belongs to.</summary>
    public required string Stack { get; init; }

    /// <summary>Its name within the stack.</summary>
    public required string Name { get; init; }

    /// <summary>Where its data is.</summary>
    public required NodeId Home { get; init; }

    /// <summary>When it was first placed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
