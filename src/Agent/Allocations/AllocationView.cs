// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Allocations;

/// <summary>What a runner shows of its allocation.</summary>
/// <param name="Facts">What is known.</param>
/// <param name="Assignment">What is wanted; null: not known.</param>
/// <param name="Goal">What the runner is after.</param>
internal sealed record AllocationView(AllocationFacts Facts, Assignment? Assignment, RunnerGoal Goal);
