// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// Nobody acts on a lock that is no longer its own: what a leader sends was sent within 1.5 s of a moment at which Consul still held the
/// lock for its term.
/// </summary>
internal sealed class Fences(Func<TimeSpan> now)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1.5);
    private readonly Dictionary<long, TimeSpan> _lostAt = [];
    private string? _session;
    private long _term;

    /// <summary>Who holds the lock at this moment.</summary>
    public void Look(string? session, long term)
    {
        if (session == _session) return;
        if (_session is not null) _lostAt[_term] = now();
        (_session, _term) = (session, term);
    }

    /// <summary>The terms count anew.</summary>
    public void Forget()
    {
        _lostAt.Clear();
        _session = null;
    }

    /// <summary>A manager sends an agent what it is to run.</summary>
    public string? Sent(string host, V1.ManagerMessage message)
    {
        if (message.BodyCase != V1.ManagerMessage.BodyOneofCase.Assignments) return null;
        var version = message.Assignments.ToVersion.ToModel();
        if (!_lostAt.TryGetValue(version.Term, out var lost) || now() - lost <= Bound) return null;
        return $"{host} orders in term {version.Term}, whose lock was lost {(now() - lost).TotalSeconds:0.0} s ago";
    }
}
