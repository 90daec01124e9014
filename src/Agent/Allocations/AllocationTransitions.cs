// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;
using static ClusterManager.Agent.Allocations.AllocationAction;
using static ClusterManager.Agent.Allocations.AllocationInput;
using State = ClusterManager.Model.AllocationState;

namespace ClusterManager.Agent.Allocations;

/// <summary>
/// The life of an attempt as a table. Within an attempt the state only moves up; <see cref="AllocationInput.NextAttempt"/> alone begins
/// again
/// at the bottom. Pure. What is not in the table is a programmer's error and throws.
/// </summary>
internal static class AllocationTransitions
{
    private static readonly (State From, AllocationInput Input, State To, AllocationAction Action)[] Table =
    [
        (State.Assigned, Prepare, State.Pulling, PullImage),
        // A container is there already: adopted from before the agent's start, or kept for a restart in place.
        (State.Assigned, ContainerReady, State.Starting, StartContainer),
        (State.Assigned, Started, State.Running, Watch),
        (State.Assigned, Succeeded, State.Completed, DecideRestart),
        (State.Assigned, Failed, State.Failed, DecideRestart),
        (State.Assigned, Vanished, State.Failed, DecideRestart),
        (State.Assigned, StopRequested, State.Stopping, StopContainer),

        (State.Pulling, ImageReady, State.Creating, CreateContainer),
        (State.Pulling, ImageFailed, State.Rejected, DecideRestart),
        (State.Pulling, StopRequested, State.Stopping, StopContainer),

        (State.Creating, ContainerReady, State.Starting, StartContainer),
        (State.Creating, CreateFailed, State.Rejected, DecideRestart),
        (State.Creating, StopRequested, State.Stopping, StopContainer),

        (State.Starting, Started, State.Running, Watch),
        (State.Starting, StartFailed, State.Rejected, DecideRestart),
        (State.Starting, Succeeded, State.Completed, DecideRestart),
        (State.Starting, Failed, State.Failed, DecideRestart),
        (State.Starting, Vanished, State.Failed, DecideRestart),
        (State.Starting, StopRequested, State.Stopping, StopContainer),

        (State.Running, Succeeded, State.Completed, DecideRestart),
        (State.Running, Failed, State.Failed, DecideRestart),
        (State.Running, Vanished, State.Failed, DecideRestart),
        (State.Running, StopRequested, State.Stopping, StopContainer),

        (State.Stopping, StopCompleted, State.Stopped, None),

        // An attempt that has ended stays ended; only whether another follows is open.
        (State.Completed, StopRequested, State.Completed, None),
        (State.Failed, StopRequested, State.Failed, None),
        (State.Rejected, StopRequested, State.Rejected, None),
        (State.Stopped, StopRequested, State.Stopped, None),
        (State.Completed, NextAttempt, State.Assigned, Begin),
        (State.Failed, NextAttempt, State.Assigned, Begin),
        (State.Rejected, NextAttempt, State.Assigned, Begin),
    ];

    private static readonly Dictionary<(State, AllocationInput), (State, AllocationAction)> Index =
        Table.ToDictionary(row => (row.From, row.Input), row => (row.To, row.Action));

    /// <summary>True when the table has a row for it.</summary>
    public static bool IsLegal(State from, AllocationInput input) => Index.ContainsKey((from, input));

    /// <summary>The state that follows, and what is to be done in it.</summary>
    /// <exception cref="InvalidOperationException">The input can not happen in that state.</exception>
    public static (State State, AllocationAction Action) Apply(State from, AllocationInput input) =>
        Index.TryGetValue((from, input), out var next)
            ? next
            : throw new InvalidOperationException($"An allocation that is {from} can not take {input}.");

    /// <summary>True for the states in which an attempt has ended.</summary>
    public static bool IsEnd(State state) => state >= State.Completed;
}
