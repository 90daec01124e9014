// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>What an image reference meant at one moment.</summary>
public sealed record ResolvedImage
{
    /// <summary>The registry's digest, for example <c>sha256:…</c>; empty: no registry holds the image.</summary>
    public string Digest { get; init; } = "";

    /// <summary>The engine's image id, for an image that no registry holds; empty otherwise.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>The nodes that have <see cref="ImageId"/>: only they can run it. Empty when a digest is known.</summary>
    public ImmutableSortedSet<NodeId> Nodes { get; init; } = [];

    /// <summary>What an agent pulls or runs: <c>reference@digest</c> (the reference without its tag), or the image id.</summary>
    public required string Pinned { get; init; }

    /// <summary>True when the image is in no registry: it is never pulled.</summary>
    public bool IsLocal => Digest.Length == 0;
}
