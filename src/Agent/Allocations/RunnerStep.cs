// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Allocations;

/// <summary>The one thing a runner does next. A closed family.</summary>
internal abstract record RunnerStep
{
    private RunnerStep()
    {
    }

    /// <summary>Nothing, until this moment or until told something new. Null: only until told.</summary>
    public sealed record Wait(TimeSpan? Until) : RunnerStep;

    /// <summary>The runner has nothing left to do.</summary>
    public sealed record Done : RunnerStep;

    /// <summary>Find the container and see how it is.</summary>
    public sealed record Locate : RunnerStep;

    /// <summary>Only the facts change.</summary>
    public sealed record Note(AllocationFacts Facts) : RunnerStep;

    /// <summary>Fetch the image unless the node has it.</summary>
    public sealed record Pull : RunnerStep;

    /// <summary>Remove what is left of an old container and create a new one.</summary>
    public sealed record Create : RunnerStep;

    /// <summary>Start the container.</summary>
    public sealed record Start : RunnerStep;

    /// <summary>Probe by HTTP or TCP.</summary>
    public sealed record Probe : RunnerStep;

    /// <summary>See how many callers' connections are still open.</summary>
    public sealed record CountConnections : RunnerStep;

    /// <summary>Stop signal, grace, kill.</summary>
    public sealed record Stop(TimeSpan Grace, bool IsUnhealthy) : RunnerStep;

    /// <summary>Remove the container with its anonymous volumes.</summary>
    public sealed record Remove : RunnerStep;

    /// <summary>Remove a second container of the same allocation.</summary>
    public sealed record RemoveDuplicate(string ContainerId) : RunnerStep;
}
