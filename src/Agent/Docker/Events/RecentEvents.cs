// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>
/// Where to resume a stream of events, and which of them the reader has had. Pure. Events may come slightly out of order, so resuming goes
/// back by <see cref="Overlap"/> behind the newest, and what comes again is dropped.
/// </summary>
internal sealed class RecentEvents
{
    /// <summary>How far resuming goes back.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromSeconds(1);

    // The engine replays 256 at most.
    private const int KeysMax = 1024;

    private readonly Queue<(long Time, string Key)> _order = new();
    private readonly HashSet<(long Time, string Key)> _seen = [];
    private long? _newest;

    /// <summary>From when to ask for events; null before the first one, which means "from now on".</summary>
    public long? ResumeFromUnixNanoseconds => _newest - (Overlap.Ticks * TimeSpan.NanosecondsPerTick);

    /// <summary>Notes an event.</summary>
    /// <returns>False when it was noted before.</returns>
    public bool Add(EngineEvent happened)
    {
        var key = (happened.UnixNanoseconds, $"{happened.Type} {happened.Action} {happened.ActorId}");
        if (!_seen.Add(key))
            return false;
        _order.Enqueue(key);
        if (_order.Count > KeysMax)
            _seen.Remove(_order.Dequeue());
        _newest = Math.Max(_newest ?? long.MinValue, happened.UnixNanoseconds);
        return true;
    }
}
