// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Engine;

/// <summary>
/// The manager's decisions, pure: apply events, find what differs, place, roll → changes. Same input, same output, in any process.
/// </summary>
public static class ClusterEngine
{
    /// <summary>One turn.</summary>
    /// <param name="state">The state after the last turn.</param>
    /// <param name="events">What happened since, in order.</param>
    /// <param name="now">The leader's clock, read once.</param>
    public static StepResult Step(ClusterState state, IReadOnlyList<ClusterEvent> events, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(events);
        return new StepResult { State = state, Changes = [], Replies = [], NextDue = null };
    }
}
