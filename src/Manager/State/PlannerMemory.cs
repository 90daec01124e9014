// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.State;

/// <summary>What the planner keeps between the turns of a term: dirty services, due times, progress of rollouts. Never stored.</summary>
public sealed record PlannerMemory
{
    /// <summary>Nothing noted.</summary>
    public static PlannerMemory Empty { get; } = new();
}
