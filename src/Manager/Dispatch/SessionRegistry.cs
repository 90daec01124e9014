// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.Dispatch;

/// <summary>The agents' sessions of one term. A node has one: a newer one ends the older. Thread-safe.</summary>
internal sealed class SessionRegistry
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<NodeId, AgentSession> _byNode = [];
    private long _lastNumber;
    private bool _closed;

    /// <summary>How many sessions are open.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _byNode.Count;
        }
    }

    /// <summary>Gives the next session its number. Numbers grow over the term.</summary>
    public long NextNumber() => Interlocked.Increment(ref _lastNumber);

    /// <summary>Registers a session and ends the node's older one. False: the term is over.</summary>
    public bool TryOpen(AgentSession session)
    {
        AgentSession? older;
        lock (_lock)
        {
            if (_closed) return false;
            _byNode.TryGetValue(session.Node, out older);
            _byNode[session.Node] = session;
        }

        older?.Close("a newer session of the node began");
        return true;
    }

    /// <summary>Forgets a session, unless a newer one took its place.</summary>
    public void Remove(AgentSession session)
    {
        lock (_lock)
        {
            if (_byNode.TryGetValue(session.Node, out var known) && ReferenceEquals(known, session)) _byNode.Remove(session.Node);
        }
    }

    /// <summary>The node's session; null: none.</summary>
    public AgentSession? Find(NodeId node)
    {
        lock (_lock) return _byNode.GetValueOrDefault(node);
    }

    /// <summary>All open sessions, by node.</summary>
    public ImmutableArray<AgentSession> All()
    {
        lock (_lock) return [.. _byNode.Values];
    }

    /// <summary>The term is over: all sessions end, none begins.</summary>
    public void CloseAll()
    {
        List<AgentSession> open;
        lock (_lock)
        {
            _closed = true;
            open = [.. _byNode.Values];
            _byNode.Clear();
        }

        foreach (var session in open) session.Close("the term ended");
    }
}
