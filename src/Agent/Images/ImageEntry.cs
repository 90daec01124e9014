// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Images;

/// <summary>What the agent knows of an image on its node.</summary>
/// <param name="IsOurs">The agent has pulled it; nobody else had before.</param>
/// <param name="UsedAt">When it was last pulled, asked for, or seen with a container; of what is not ours, since when it is known.</param>
internal sealed record ImageEntry(bool IsOurs, DateTimeOffset UsedAt);
