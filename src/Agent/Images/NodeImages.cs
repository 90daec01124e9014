// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Images;

/// <summary>The node's images and who needs them, as found at one moment.</summary>
internal sealed record NodeImages
{
    /// <summary>All images.</summary>
    public required IReadOnlyList<ImageSummary> Images { get; init; }

    /// <summary>Ids of the images of all containers, running or not, whoever made them.</summary>
    public required IReadOnlySet<string> UsedIds { get; init; }

    /// <summary>What the assignment names, in its words: <c>repository@digest</c> or an image id.</summary>
    public required IReadOnlySet<string> Assigned { get; init; }

    /// <summary>What the agent has brought.</summary>
    public required ImmutableSortedDictionary<string, ImageEntry> Ledger { get; init; }

    /// <summary>What is being pulled.</summary>
    public required IReadOnlySet<string> Moving { get; init; }
}
