// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Manager;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Simulation.Agents;
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Network;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Simulation.Managers;

/// <summary>
/// One life of a manager: a model of the leadership loop around the real state reader and engine. It waits for the lock to be free, tries
/// to win
/// it, loads, leads, and begins anew.
/// </summary>
internal sealed class ManagerUnderTest
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BeatInterval = TimeSpan.FromMilliseconds(500);
    private readonly SimulatedCluster _cluster;
    private readonly ManagerIdentity _identity;
    private bool _isBeating;

    public ManagerUnderTest(SimulatedCluster cluster, SimulatedHost host)
    {
        _cluster = cluster;
        Host = host;
        _identity = new ManagerIdentity(SimulatedCluster.Id, host.Node, host.Name, host.ManagerAddress, 1);
        Process = new SimulatedProcess(cluster.Timeline, () => host.Skew,
            error => cluster.Judge.Violate($"the manager of {host.Name} failed: {error}"));
        Process.After(TimeSpan.FromMilliseconds(10 * host.Ordinal), Watch);
    }

    public SimulatedHost Host { get; }

    public SimulatedProcess Process { get; }

    /// <summary>The term it leads; null: none.</summary>
    public SimulatedTerm? Term { get; private set; }

    /// <summary>Who leads, as far as this manager knows.</summary>
    public (bool IsHeld, string Address) Leader { get; private set; }

    /// <summary>An agent has dialled.</summary>
    public void Accept(NodeId node, SimulatedStream<V1.AgentMessage, V1.ManagerMessage> stream)
    {
        var isFirst = true;
        stream.OnUp = message =>
        {
            if (!isFirst) return;
            isFirst = false;
            if (Term is { } term) term.Open(node, message.Hello, stream);
            else
            {
                stream.SendDown(Messages.NotLeader(Leader.IsHeld ? Leader.Address : "", 0));
                stream.CloseDown();
            }
        };
    }

    /// <summary>The term is over.</summary>
    public void TermEnded(SimulatedTerm term, string reason)
    {
        if (Term != term) return;
        _cluster.Trace.Tell(Host.Name, $"term {term.Number} ends: {reason}");
        Term = null;
        Resign(term.Session, RetryPause);
    }

    // Reads the lock as a blocking query would show it, now and then an old answer.
    private void Watch()
    {
        if (Term is not null) return;
        if (_cluster.Consul.Serves(Host.Name))
        {
            var lead = _cluster.LeadAsSeenBy(Host.Name);
            Leader = lead?.Session is null
                ? (false, "")
                : (true, StoredFormat.Decode(lead.Key, lead.Value, V1.StoredLead.Parser).Address);
            if (!Leader.IsHeld)
            {
                Stand();
                return;
            }
        }

        Process.After(TimeSpan.FromMilliseconds(200), Watch);
    }

    private void Stand()
    {
        _isBeating = true;
        Beat();
        _cluster.Consul.Call(Host.Name, Process, () => _cluster.Consul.CreateSession(Host.Name), session =>
        {
            if (session is not { Length: > 0 }) GiveUp(null);
            else Acquire(session);
        });
    }

    private void Acquire(string session) =>
        _cluster.Consul.Call(Host.Name, Process, () => Boxed(_cluster.Consul.Acquire(session, _identity.LeadValue())), won =>
    {
        if (won?.Value != true)
        {
            GiveUp(session, won is null ? FailurePause : RetryPause);
            return;
        }

        _cluster.Consul.Call(Host.Name, Process, () => _cluster.Consul.Get(StateKeys.Lead), lead =>
        {
            if (lead?.Session == session) LoadState(session, (long)lead.LockIndex);
            else GiveUp(session);
        });
    });

    private void LoadState(string session, long number) =>
        _cluster.Consul.Call(Host.Name, Process, () => _cluster.Consul.List(StateKeys.Root), entries =>
    {
        if (entries is null)
        {
            GiveUp(session);
            return;
        }

        var (stored, versionIndex) = StateReader.Read(entries)!.Value;
        var version = new StateVersion(stored.Meta.Incarnation, number, 0);
        if (version <= stored.Version)
        {
            _cluster.Judge.Violate($"{Host.Name} won term {number}, which is not newer than {stored.Version}");
            return;
        }

        _cluster.Judge.Loaded(stored);
        var state = ClusterEngine.StartTerm(ClusterStateBuilder.Build(stored with { Version = version }), Process.Time.GetUtcNow());
        _cluster.Trace.Tell(Host.Name, $"leads, term {number}, from {stored.Version}");
        Term = new SimulatedTerm(_cluster, this, session, number, state, versionIndex);
    });

    private void GiveUp(string? session, TimeSpan? pause = null)
    {
        _isBeating = false;
        Resign(session, pause ?? FailurePause);
    }

    private void Resign(string? session, TimeSpan pause)
    {
        _isBeating = false;
        if (session is null)
        {
            Process.After(pause, Watch);
            return;
        }

        _cluster.Consul.Call(Host.Name, Process, () =>
        {
            _cluster.Consul.DestroySession(session);
            return Boxed(true);
        }, _ =>
        {
            _cluster.Consul.EndCheck(Host.Name);
            Process.After(pause, Watch);
        });
    }

    private void Beat()
    {
        if (!_isBeating) return;
        _cluster.Consul.BeatCheck(Host.Name);
        Process.After(BeatInterval, Beat);
    }

    private static StrongBox Boxed(bool value) => new(value);

    private sealed record StrongBox(bool Value);
}
