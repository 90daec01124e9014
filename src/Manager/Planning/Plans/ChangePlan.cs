// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>What a change would do.</summary>
public sealed record ChangePlan
{
    /// <summary>Names the change and what it rests on.</summary>
    public required PlanId Id { get; init; }

    /// <summary>What it rests on.</summary>
    public required PlanBase Base { get; init; }

    /// <summary>The services that the change is about, in its order; also those of which nothing changes.</summary>
    public required ImmutableArray<ServicePlan> Services { get; init; }

    /// <summary>Until the last verdict.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>False: it is too long to be planned to its end.</summary>
    public required bool IsComplete { get; init; }
}
