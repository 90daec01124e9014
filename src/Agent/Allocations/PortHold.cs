// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>A port of the node's range that an allocation has or had.</summary>
/// <param name="Owner">The allocation.</param>
/// <param name="Target">The container's port that it leads to.</param>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="ReleasedAt">By the agent's monotonic clock; null while it is held.</param>
internal sealed record PortHold(AllocationId Owner, int Target, PortProtocol Protocol, TimeSpan? ReleasedAt);
