// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>One line of the node's list of images.</summary>
/// <param name="Id">The image's id.</param>
/// <param name="Tags">Its names with tags.</param>
/// <param name="RepoDigests">Its names with digests.</param>
/// <param name="SizeBytes">Its size on disk, shared layers included.</param>
/// <param name="Created">When it was built.</param>
public sealed record ImageSummary(
    string Id, IReadOnlyList<string> Tags, IReadOnlyList<string> RepoDigests, long SizeBytes, DateTimeOffset Created);
