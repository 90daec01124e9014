// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;
using ClusterManager.Simulation.Managers;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// What the leader's state says of sessions is true: a node whose session is open is not long taken for one without, however late the ends
/// of its earlier ones come in, nor the other way round.
/// </summary>
internal sealed class Sessions(Func<TimeSpan> now)
{
    // A turn waits up to 10 s for the answer to the commit before it.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);
    private SortedDictionary<(long Term, NodeId Node, long Session), TimeSpan> _untrueSince = [];

    /// <summary>Looks at the leader; a paused one learns nothing.</summary>
    public IEnumerable<string> Check(SimulatedTerm? leader)
    {
        var untrue = new SortedDictionary<(long Term, NodeId Node, long Session), TimeSpan>();
        if (leader is { Manager.Process.IsRunning: true })
            foreach (var (node, session) in Differences(leader))
            {
                var key = (leader.Number, node, session);
                untrue[key] = _untrueSince.GetValueOrDefault(key, now());
            }

        _untrueSince = untrue;
        return untrue.Where(pair => now() - pair.Value > Bound).Select(pair =>
            $"for {Bound.TotalSeconds} s session {pair.Key.Session} of node {pair.Key.Node} in term {pair.Key.Term} is either open and not "
                + "in the leader's state, or in it and not open");
    }

    // A node that was removed is told so, and its session ends.
    private static SortedSet<(NodeId Node, long Number)> Differences(SimulatedTerm leader)
    {
        var state = leader.State;
        var sessions = new SortedSet<(NodeId Node, long Number)>(leader.Sessions.Where(one => state.Nodes.ContainsKey(one.Node)));
        sessions.SymmetricExceptWith(state.NodeObservations
            .Where(pair => pair.Value.HasSession && state.Nodes.ContainsKey(pair.Key))
            .Select(pair => (pair.Key, pair.Value.SessionNumber)));
        return sessions;
    }
}
