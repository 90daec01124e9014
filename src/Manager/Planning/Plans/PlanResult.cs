// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>A plan, or why the change itself would be refused.</summary>
/// <param name="Plan">Null when it is refused.</param>
/// <param name="Refused">Null when it is not.</param>
public sealed record PlanResult(ChangePlan? Plan, MutationResult.Refused? Refused);
