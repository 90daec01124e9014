// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>An allocation that failed the rollout which made it.</summary>
/// <param name="Reason">By what.</param>
/// <param name="Record">Which one.</param>
internal sealed record FailedAllocation(Reason Reason, AllocationRecord Record);
