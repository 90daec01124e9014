// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>Which part of a container's output to read. The default is all of it, to its present end.</summary>
public sealed record LogRequest
{
    /// <summary>Only lines at or after this time; null for no bound. A resuming reader drops those of this very time it has.</summary>
    public long? SinceUnixNanoseconds { get; init; }

    /// <summary>Only lines at or before this time; null for no bound.</summary>
    public long? UntilUnixNanoseconds { get; init; }

    /// <summary>Begin with so many of the last lines; null for all, 0 for only what comes from now on.</summary>
    public int? Tail { get; init; }

    /// <summary>True goes on until the container ends.</summary>
    public bool Follow { get; init; }

    /// <summary>Whether to read standard output.</summary>
    public bool Stdout { get; init; } = true;

    /// <summary>Whether to read standard error.</summary>
    public bool Stderr { get; init; } = true;
}
