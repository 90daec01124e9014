// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>What happens when the container ends by itself. Restarts are in place, by the agent, with exponential back-off.</summary>
public sealed record RestartPolicy
{
    /// <summary>Always, without a limit of attempts.</summary>
    public static RestartPolicy Default { get; } = new();

    /// <summary>Which ends are followed by a restart.</summary>
    public RestartCondition Condition { get; init; } = RestartCondition.Any;

    /// <summary>First delay of the back-off after the first restart, which is immediate. Default 1 s, 0 to 5 min.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Most restarts within <see cref="Window"/>; null: no limit.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>Span in which attempts are counted; zero: over the allocation's life.</summary>
    public TimeSpan Window { get; init; }
}
