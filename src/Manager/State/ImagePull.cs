// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>
/// The image of a rollout on its way to the nodes that will need it, before a container is touched. Never stored: a new leader asks again,
/// and who has the image answers at once.
/// </summary>
public sealed record ImagePull
{
    /// <summary>Number within the term.</summary>
    public required long Number { get; init; }

    /// <summary>Whose image.</summary>
    public required ServiceId Service { get; init; }

    /// <summary>The service's rollout that waits for it.</summary>
    public required int Rollout { get; init; }

    /// <summary>What containers will be made of: <c>reference@digest</c>.</summary>
    public required string Image { get; init; }

    /// <summary>The nodes that are to have it.</summary>
    public required ImmutableSortedSet<NodeId> Nodes { get; init; }

    /// <summary>Those of them whose turn to pull has come; the others only look whether they have it.</summary>
    public required ImmutableSortedSet<NodeId> Pulling { get; init; }

    /// <summary>What they said last.</summary>
    public ImmutableSortedDictionary<NodeId, PullAnswer> Answers { get; init; } = ImmutableSortedDictionary<NodeId, PullAnswer>.Empty;

    /// <summary>All have it that are there: the rollout begins.</summary>
    public bool IsDone { get; init; }

    /// <summary>Nodes that have it.</summary>
    public int PresentCount => Answers.Values.Count(answer => answer.State == PullState.Present);

    /// <summary>The node is still to be asked, or to answer.</summary>
    public bool WaitsFor(NodeId node) => !IsDone && Nodes.Contains(node)
        && Answers.GetValueOrDefault(node) is not ({ IsSettled: true } or { State: PullState.Failed });
}
