// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>How a watch waits and how it takes failures.</summary>
public sealed record WatchOptions
{
    /// <summary>How fresh each answer must be. Default <see cref="ConsistencyMode.Default"/>.</summary>
    public ConsistencyMode Mode { get; init; } = ConsistencyMode.Default;

    /// <summary>How long one query waits for a change. Default 60 s, at most 10 min.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The pause after a first failure; each further one doubles it. Default 100 ms.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause after a failure. Default 5 s.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Spreads the pauses of many watchers, so that they do not all return at once after an outage: give each its own, such as a
    /// hash of its node's id. Default 0.
    /// </summary>
    public int Seed { get; init; }
}
