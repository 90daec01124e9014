// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Engine;

/// <summary>What one turn decided.</summary>
public sealed record StepResult
{
    /// <summary>The new state. Its version is one higher when <see cref="Changes"/> is not empty.</summary>
    public required ClusterState State { get; init; }

    /// <summary>What must be committed before the state is published. Empty: nothing to commit.</summary>
    public required ImmutableArray<StateChange> Changes { get; init; }

    /// <summary>Answers, to be given after the commit.</summary>
    public required ImmutableArray<MutationReply> Replies { get; init; }

    /// <summary>
    /// When the engine wants the next turn at the latest (a <see cref="ClusterEvent.Tick"/>); null: only when something happens. In the
    /// past: at once.
    /// </summary>
    public required DateTimeOffset? NextDue { get; init; }
}
