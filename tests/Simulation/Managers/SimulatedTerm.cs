// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Consul;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Simulation.Network;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Simulation.Managers;

/// <summary>
/// One term: a model of the engine loop (order, batching, commit, what follows a lost answer, renewal) around the real engine, fence and
/// encoding of transactions.
/// </summary>
internal sealed class SimulatedTerm
{
    private const int SpinMax = 300;
    private static readonly TimeSpan CommitLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CommitRetryPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SerfPeriod = TimeSpan.FromMilliseconds(50);
    private readonly SimulatedCluster _cluster;
    private readonly ManagerUnderTest _manager;
    private readonly TimeProvider _time;
    private readonly List<ClusterEvent> _inbox = [];
    private readonly SortedDictionary<NodeId, LeaderSession> _sessions = [];
    private readonly SortedDictionary<long, Action<MutationResult>> _pending = [];
    private ImmutableSortedDictionary<NodeId, bool>? _serf;
    private ulong _versionIndex;
    private DateTimeOffset? _nextDue;
    private long _lastRenewal;
    private long _lastNumber;
    private long _ticket;
    private TimeSpan _turnAt;
    private int _spins;
    private bool _isBusy;
    private bool _isOver;
    private int _wake;

    public SimulatedTerm(SimulatedCluster cluster, ManagerUnderTest manager, string session, long number, ClusterState state,
        ulong versionIndex)
    {
        _cluster = cluster;
        _manager = manager;
        _time = manager.Process.Time;
        _versionIndex = versionIndex;
        _nextDue = state.TermStartedAt;
        Session = session;
        Number = number;
        State = state;
        Fence = new Fence(_time);
        WatchSerf();
        Next();
    }

    public string Session { get; }

    public long Number { get; }

    /// <summary>The newest published snapshot.</summary>
    public ClusterState State { get; private set; }

    public Fence Fence { get; }

    public ManagerUnderTest Manager => _manager;

    /// <summary>Posts what a witness saw; false: the term is over.</summary>
    public bool Post(ClusterEvent happened)
    {
        if (_isOver) return false;
        _inbox.Add(happened);
        Wake(TimeSpan.Zero);
        return true;
    }

    /// <summary>Posts a mutation; answered after its commit, or never.</summary>
    public void Submit(Func<long, ClusterEvent.Mutation> make, Action<MutationResult> answer)
    {
        var ticket = ++_ticket;
        _pending[ticket] = answer;
        Post(make(ticket));
    }

    /// <summary>An agent says hello.</summary>
    public void Open(NodeId node, V1.Hello hello, SimulatedStream<V1.AgentMessage, V1.ManagerMessage> stream)
    {
        if (Refusal(node, hello) is { } refusal)
        {
            _cluster.Trace.Tell(_manager.Host.Name, $"rejects {_cluster.NameOf(node)}: {refusal}");
            stream.SendDown(Messages.Rejected(V1.Rejected.Types.Cause.NodeUnknown, refusal));
            stream.CloseDown();
            return;
        }

        _sessions.GetValueOrDefault(node)?.Close("a newer session of the node began");
        var session = new LeaderSession(_cluster, this, node, ++_lastNumber, stream);
        _sessions[node] = session;
        session.Begin(hello);
    }

    /// <summary>A session has ended.</summary>
    public void Closed(LeaderSession session)
    {
        if (_sessions.GetValueOrDefault(session.Node) == session) _sessions.Remove(session.Node);
        Post(new ClusterEvent.NodeDisconnected(session.Node, session.Number));
    }

    private string? Refusal(NodeId node, V1.Hello hello)
    {
        if (!State.Nodes.ContainsKey(node)) return "this node has no record";
        var known = hello.Applied.ToModel();
        return known.Incarnation > State.Version.Incarnation || (known.Incarnation == State.Version.Incarnation
            && known.Term > State.Version.Term)
            ? $"the agent has seen {known}, this state is {State.Version}" : null;
    }

    private void Wake(TimeSpan after)
    {
        if (_isOver || _isBusy) return;
        var wake = ++_wake;
        _manager.Process.After(after, () =>
        {
            if (wake == _wake && !_isOver && !_isBusy) Next();
        });
    }

    private void Next()
    {
        _wake++;
        if (_inbox.Count > 0 || _nextDue <= _time.GetUtcNow()) Turn();
        else if (_time.GetElapsedTime(_lastRenewal) >= LeaderBeat.Interval) Renew();
        else
        {
            var wait = LeaderBeat.Interval - _time.GetElapsedTime(_lastRenewal);
            if (_nextDue is { } due && due - _time.GetUtcNow() < wait) wait = due - _time.GetUtcNow();
            Wake(wait);
        }

        _cluster.Consul.BeatCheck(_manager.Host.Name);
    }

    private void Turn()
    {
        NoticeSpin();
        if (_inbox.Count == 0) _inbox.Add(new ClusterEvent.Tick());
        var events = _inbox.ToArray();
        _inbox.Clear();
        var before = State;
        var result = ClusterEngine.Step(State, events, _time.GetUtcNow());
        _cluster.Judge.Stepped(before, result, events, _manager.Host.Name);
        if (result.Changes.IsEmpty)
        {
            Publish(result);
            AfterTurn();
            return;
        }

        _isBusy = true;
        BeatWhileBusy();
        Commit(result, wasUnknown: false, _time.GetTimestamp());
    }

    private void NoticeSpin()
    {
        _spins = _turnAt == _cluster.Timeline.Now ? _spins + 1 : 0;
        _turnAt = _cluster.Timeline.Now;
        if (_spins > SpinMax) _cluster.Judge.Violate($"the engine of {_manager.Host.Name} spins: {_spins} turns without time");
    }

    private void BeatWhileBusy()
    {
        if (!_isBusy || _isOver) return;
        _cluster.Consul.BeatCheck(_manager.Host.Name);
        _manager.Process.After(LeaderBeat.Interval, BeatWhileBusy);
    }

    private void Commit(StepResult result, bool wasUnknown, long began)
    {
        var sent = Fence.Start();
        var operations = StateWriter.OperationsOf(Session, result.State, result.Changes, _versionIndex);
        _cluster.Consul.Call(_manager.Host.Name, _manager.Process, () => Transact(operations, result), answer =>
        {
            if (_isOver) return;
            switch (answer is null ? new CommitOutcome.Unknown("no answer") : StateWriter.OutcomeOf(answer))
            {
                case CommitOutcome.Committed done:
                    Fence.Prove(sent);
                    _lastRenewal = sent;
                    _versionIndex = done.VersionIndex;
                    Committed(result);
                    break;
                case CommitOutcome.Deposed deposed:
                    End(deposed.Text);
                    break;
                case CommitOutcome.VersionMoved when wasUnknown:
                    FindOut(result, _time.GetTimestamp());
                    break;
                case CommitOutcome.VersionMoved:
                    End("another writer moved the version");
                    break;
                case CommitOutcome.Refused refused:
                    _cluster.Judge.Violate($"Consul refused a commit: {refused.Text}");
                    break;
                default:
                    if (_time.GetElapsedTime(began) > CommitLimit) End("the outcome of a commit stayed unknown for 10 s");
                    else _manager.Process.After(CommitRetryPause, () => Again(result, began));
                    break;
            }
        });
    }

    private void Again(StepResult result, long began)
    {
        if (!_isOver) Commit(result, wasUnknown: true, began);
    }

    private TransactionResult Transact(IReadOnlyList<TransactionOperation> operations, StepResult result)
    {
        var answer = _cluster.Consul.Transact(_manager.Host.Name, operations);
        if (answer is TransactionResult.Committed) _cluster.Judge.Committed(result.State, _manager.Host.Name);
        return answer;
    }

    private void FindOut(StepResult result, long began) =>
        _cluster.Consul.Call(_manager.Host.Name, _manager.Process, () => _cluster.Consul.Get(StateKeys.Version), entry =>
    {
        if (_isOver) return;
        if (entry is null)
        {
            if (_time.GetElapsedTime(began) > CommitLimit) End("the state's version could not be read within 10 s");
            else _manager.Process.After(CommitRetryPause, () => FindOutAgain(result, began));
            return;
        }

        var version = StoredFormat.Decode(entry.Key, entry.Value, V1.StoredVersion.Parser).Version.ToModel();
        if (version != result.State.Version)
        {
            End($"the state moved to {version} by another writer");
            return;
        }

        _versionIndex = entry.ModifyIndex;
        Committed(result);
    });

    private void FindOutAgain(StepResult result, long began)
    {
        if (!_isOver) FindOut(result, began);
    }

    private void Committed(StepResult result)
    {
        _isBusy = false;
        Publish(result);
        AfterTurn();
    }

    private void Publish(StepResult result)
    {
        State = result.State;
        _nextDue = result.NextDue;
        foreach (var session in _sessions.Values.ToArray()) session.Published();
        foreach (var reply in result.Replies)
            if (_pending.Remove(reply.Ticket, out var answer)) answer(reply.Result);
    }

    private void AfterTurn()
    {
        if (_isOver) return;
        if (_time.GetElapsedTime(_lastRenewal) >= LeaderBeat.Interval) Renew();
        else Wake(TimeSpan.Zero);
    }

    private void Renew()
    {
        var sent = Fence.Start();
        _lastRenewal = sent;
        _isBusy = true;
        BeatWhileBusy();
        IReadOnlyList<TransactionOperation> operations = [TransactionOperation.CheckSession(StateKeys.Lead, Session)];
        _cluster.Consul.Call(_manager.Host.Name, _manager.Process, () => _cluster.Consul.Transact(_manager.Host.Name, operations), answer =>
        {
            if (_isOver) return;
            _isBusy = false;
            switch (answer)
            {
                case TransactionResult.Committed:
                    Fence.Prove(sent);
                    break;
                case TransactionResult.Rejected:
                    End("the lock is another's");
                    return;
            }

            Wake(TimeSpan.Zero);
        });
    }

    private void End(string reason)
    {
        if (_isOver) return;
        foreach (var session in _sessions.Values.ToArray()) session.Close("the term ended");
        _isOver = true;
        _manager.TermEnded(this, reason);
    }

    // A blocking query on serfHealth: news comes at once, an old answer now and then.
    private void WatchSerf()
    {
        if (_isOver) return;
        if (_cluster.Consul.Serves(_manager.Host.Name) && _cluster.SerfAsSeenBy(_manager.Host.Name) is { } seen)
        {
            var byNode = State.Nodes.Values.Where(node => seen.ContainsKey(node.Name)).ToImmutableSortedDictionary(node => node.Id,
                node => seen[node.Name]);
            if (_serf is null || !_serf.SequenceEqual(byNode))
            {
                _serf = byNode;
                Post(new ClusterEvent.SerfObserved(byNode));
            }
        }

        _manager.Process.After(SerfPeriod, WatchSerf);
    }
}
