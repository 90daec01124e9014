// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>
/// Orders everything a cluster ever decided: incarnation first, then the leader's term, then the count of commits in it.
/// Terms and counts compare only within an incarnation.
/// </summary>
/// <param name="Incarnation">The life of the cluster's state, from 1; a restore begins the next one.</param>
/// <param name="Term">The leader's term: the lock's <c>LockIndex</c> in Consul, from 1.</param>
/// <param name="Number">The count of commits within the term, from 0.</param>
public readonly record struct StateVersion(long Incarnation, long Term, long Number) : IComparable<StateVersion>
{
    /// <inheritdoc/>
    public int CompareTo(StateVersion other)
    {
        var byIncarnation = Incarnation.CompareTo(other.Incarnation);
        if (byIncarnation != 0) return byIncarnation;
        var byTerm = Term.CompareTo(other.Term);
        return byTerm != 0 ? byTerm : Number.CompareTo(other.Number);
    }

    /// <summary>True when <paramref name="left"/> is older.</summary>
    public static bool operator <(StateVersion left, StateVersion right) => left.CompareTo(right) < 0;

    /// <summary>True when <paramref name="left"/> is newer.</summary>
    public static bool operator >(StateVersion left, StateVersion right) => left.CompareTo(right) > 0;

    /// <summary>True when <paramref name="left"/> is older or the same.</summary>
    public static bool operator <=(StateVersion left, StateVersion right) => left.CompareTo(right) <= 0;

    /// <summary>True when <paramref name="left"/> is newer or the same.</summary>
    public static bool operator >=(StateVersion left, StateVersion right) => left.CompareTo(right) >= 0;

    /// <summary><c>incarnation.term.number</c>.</summary>
    public override string ToString() => $"{Incarnation}.{Term}.{Number}";
}
