// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>The index rules of blocking queries. Pure.</summary>
/// <remarks>
/// The index of an answer is not a counter of changes to what was asked: it can stay, jump, and go back (a restored snapshot, a
/// lost server state, a deleted key whose tombstone was reaped). Going back means that nothing is known any more.
/// </remarks>
internal readonly record struct WatchIndex(ulong Next)
{
    /// <summary>Before the first answer: the next query returns at once.</summary>
    public static WatchIndex Start => default;

    /// <summary>Takes an answer's index and says whether the answer is news.</summary>
    /// <returns>
    /// The state after the answer. Same index: no news (the wait ran out). Smaller: news, and the next query starts afresh, else it
    /// could wait for an index far away. Zero counts as 1: asked with 0, a query would never wait and the loop would spin.
    /// </returns>
    public (WatchIndex After, bool IsNews) Take(ulong received)
    {
        var index = Math.Max(received, 1);
        if (index == Next)
            return (this, false);
        return index < Next ? (Start, true) : (new WatchIndex(index), true);
    }
}
