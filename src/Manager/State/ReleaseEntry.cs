// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>
/// A release in its stack's history: how it stands or ended, and the revisions that it is made of. All that its order and its way back
/// need is in here, so that another leader goes on exactly there. What it was asked for stands in its <see cref="ReleaseRecord"/>.
/// </summary>
public sealed record ReleaseEntry
{
    /// <summary>The stack.</summary>
    public required string Stack { get; init; }

    /// <summary>Counts the stack's releases, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Under way, or how it ended.</summary>
    public required ReleaseState State { get; init; }

    /// <summary>Who deployed.</summary>
    public required string Actor { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed something: its waits count from here.</summary>
    public required DateTimeOffset MovedAt { get; init; }

    /// <summary>When it ended; null: under way.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When one service fails, the others stay as they are.</summary>
    public bool Keeps { get; init; }

    /// <summary>The release whose revisions it brings back; 0: it was deployed.</summary>
    public int RollbackOf { get; init; }

    /// <summary>Its services by name, also those that it removes.</summary>
    public ImmutableSortedDictionary<string, ReleaseMember> Members { get; init; } =
        ImmutableSortedDictionary.Create<string, ReleaseMember>(StringComparer.Ordinal);

    /// <summary>The service that failed first; empty: none.</summary>
    public string Failed { get; init; } = "";

    /// <summary>Why it failed; null: none did.</summary>
    public Reason? Reason { get; init; }

    /// <summary>Why the way back failed too; null: it did not.</summary>
    public Reason? RollbackReason { get; init; }

    /// <summary>It has not ended.</summary>
    public bool IsActive => State is ReleaseState.Applying or ReleaseState.RollingBack;

    /// <summary>Some member is to be changed at the next turn that has room.</summary>
    public bool IsDue => IsActive && Members.Values.Any(member => member.State is ReleaseMemberState.Due or ReleaseMemberState.ReturnDue);

    /// <summary>With one member as given.</summary>
    public ReleaseEntry With(ReleaseMember member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return this with { Members = Members.SetItem(member.Name, member) };
    }
}
