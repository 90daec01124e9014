// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Time;

namespace ClusterManager.Agent.Node;

/// <summary>The agent's monotonic clock: time since this process began. Steps of the machine's wall clock do not move it.</summary>
internal sealed class AgentClock
{
    private readonly long _origin;

    /// <summary>A clock that begins now.</summary>
    /// <param name="provider">Where time and timers come from.</param>
    public AgentClock(TimeProvider provider)
    {
        Provider = provider;
        _origin = provider.GetTimestamp();
    }

    /// <summary>Time since the agent began.</summary>
    public TimeSpan Now => Provider.GetElapsedTime(_origin);

    /// <summary>For timers, deadlines, and what a person reads.</summary>
    public TimeProvider Provider { get; }

    /// <summary>Waits until a moment of this clock; returns at once when it has passed.</summary>
    public Task DelayUntilAsync(TimeSpan moment, CancellationToken cancellationToken) =>
        Pause.ForAsync(moment - Now, Provider, cancellationToken);
}
