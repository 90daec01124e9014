// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose;

/// <summary>A compose file as the cluster understands it.</summary>
public sealed record ComposeResult
{
    /// <summary>The stack's name; null when it could not be found out.</summary>
    public required string? Stack { get; init; }

    /// <summary>The services in the order of their names; empty when there is an error.</summary>
    public required ImmutableArray<ServiceSpec> Services { get; init; }

    /// <summary>All errors in the order of the file. One is enough to refuse the file.</summary>
    public required ImmutableArray<Finding> Errors { get; init; }

    /// <summary>What is accepted with a consequence the user may not expect.</summary>
    public required ImmutableArray<Finding> Warnings { get; init; }

    /// <summary>True when there is no error.</summary>
    public bool IsUnderstood => Errors.IsEmpty;
}
