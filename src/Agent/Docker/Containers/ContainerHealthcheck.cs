// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Agent.Docker;

/// <summary>The command by which the engine judges a container's health.</summary>
public sealed record ContainerHealthcheck
{
    /// <summary>Switches off the check that the image brings.</summary>
    public static ContainerHealthcheck None { get; } = new() { Test = ["NONE"] };

    /// <summary>
    /// <c>CMD</c> and the arguments, <c>CMD-SHELL</c> and one line for the image's shell, or <c>NONE</c>.
    /// Empty keeps the image's command and changes only the times that are set.
    /// </summary>
    public IReadOnlyList<string> Test { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>The time between two checks; zero for the image's value or 30 s; else at least 1 ms.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>After this a check has failed; zero for the image's value or 30 s.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>Failures within this time after the start do not count; zero for the image's value or none.</summary>
    public TimeSpan StartPeriod { get; init; }

    /// <summary>So many failures in a row make it unhealthy; 0 for the image's value or 3.</summary>
    public int Retries { get; init; }

    /// <summary>True when this says that there is no check.</summary>
    public bool IsNone => Test is ["NONE", ..];
}
