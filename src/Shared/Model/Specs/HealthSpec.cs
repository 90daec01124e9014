// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Model;

/// <summary>How health is judged. Defaults are Docker's names with faster figures where the agent itself probes.</summary>
public sealed record HealthSpec
{
    /// <summary>Who probes and how.</summary>
    public required HealthKind Kind { get; init; }

    /// <summary>
    /// For <see cref="HealthKind.Command"/>: Docker's form, first element <c>CMD</c> or <c>CMD-SHELL</c>; empty: the image's own test.
    /// </summary>
    public ImmutableArray<string> Test { get; init; } = [];

    /// <summary>For HTTP and TCP: the container's port; 0: the first port of the service.</summary>
    public int Port { get; init; }

    /// <summary>For HTTP: the path with its query, beginning with <c>/</c>. 200 to 399 is healthy.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Time between probes. Default 2 s for HTTP and TCP, 30 s for a command. 100 ms to 1 h.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time one probe may take. Default 2 s for HTTP and TCP, 30 s for a command.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Failed probes in a row that make it unhealthy. Default 3, 1 to 100.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>Time after the start in which failures do not count. Default 0.</summary>
    public TimeSpan StartPeriod { get; init; }

    /// <summary>Time between probes until the first success. Default 250 ms for HTTP and TCP.</summary>
    public TimeSpan StartInterval { get; init; } = TimeSpan.FromMilliseconds(250);
}
