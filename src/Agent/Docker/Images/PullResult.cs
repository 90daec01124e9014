// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>A pull that succeeded.</summary>
/// <param name="ImageId">The image's id on this node (<c>sha256:…</c>).</param>
/// <param name="Digest">The manifest's digest at the registry (<c>sha256:…</c>), or null when the engine does not say.</param>
public sealed record PullResult(string ImageId, string? Digest);
