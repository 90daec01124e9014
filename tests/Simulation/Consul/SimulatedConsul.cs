// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Manager.Persistence;
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Network;
using ClusterManager.Simulation.Workload;

namespace ClusterManager.Simulation.Consul;

/// <summary>
/// Consul as its own words and our measurements have it, held to the real one by <c>ConsulContractTests</c>: servers behind one history,
/// an agent on each host, gossip that ends sessions, blocking queries, answers that get lost, and requests that are carried out after their
/// caller has given up. Programs reach it by <see cref="ConsulHandler"/>.
/// </summary>
internal sealed class SimulatedConsul
{
    // How long a server keeps a request while there is no leader (rpc_hold_timeout); some wait longer on their way.
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(7);
    // What the managers' client waits for.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2500);
    private static readonly TimeSpan LongHold = TimeSpan.FromSeconds(13);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private readonly Timeline _timeline;
    private readonly SeededStream _chance;
    private readonly Func<FaultMix> _mix;
    private readonly Action<string> _tell;
    private readonly Func<string, bool> _isPowered;
    private readonly ConsulServers _servers;
    private readonly SortedDictionary<string, SimulatedConsulAgent> _agents = new(StringComparer.Ordinal);
    private readonly ConsulGossip _gossip;
    private readonly List<WaitingQuery> _waiting = [];
    private ConsulData _old;

    public SimulatedConsul(
        Timeline timeline, SimulatedNetwork network, ulong seed, Func<FaultMix> mix, Action<string> tell, IReadOnlyList<string> hosts,
        int servers, Func<string, bool> isPowered)
    {
        _timeline = timeline;
        _chance = new SeededStream(seed, "consul");
        _mix = mix;
        _tell = tell;
        _isPowered = isPowered;
        _servers = new ConsulServers(timeline, network, _chance, tell, [.. hosts.Take(servers)], isPowered) { OnChange = Wake };
        _gossip = new ConsulGossip(timeline, _chance, hosts, _servers, tell);
        foreach (var host in hosts)
            _agents[host] = new SimulatedConsulAgent(timeline, host, host) { OnChange = Sync };
        _servers.Store(_gossip.Begin(_servers.Data.Next()));
        _old = _servers.Data;
        Beat();
        KeepOld();
    }

    /// <summary>Counts.</summary>
    public FaultCounts Faults { get; init; } = new();

    /// <summary>The keys as they are, for judges; no program reads them so.</summary>
    public IReadOnlyDictionary<string, KvEntry> Keys => _servers.Data.Keys;

    /// <summary>Who holds the lock, for judges.</summary>
    public string? Holder => HolderSession is { } session ? _servers.Data.Sessions.GetValueOrDefault(session)?.Node : null;

    /// <summary>The session that holds the lock, for judges.</summary>
    public string? HolderSession => Lead?.Session;

    /// <summary>The term of the one who holds the lock, or who held it last, for judges.</summary>
    public long HolderTerm => (long)(Lead?.LockIndex ?? 0);

    /// <summary>Told of each transaction that wrote, with the session that it checked (null: none).</summary>
    public Action<string, string?, IReadOnlyList<TransactionOperation>> OnWrite { get; set; } = static (_, _, _) => { };

    /// <summary>What serfHealth says of every host.</summary>
    public IReadOnlyDictionary<string, bool> Serf => _gossip.Seen;

    /// <summary>A server takes calls of this host now.</summary>
    public bool Serves(string host) => _servers.Serves(host);

    /// <summary>Sets a key without asking anybody: what <c>init</c> left.</summary>
    public void Seed(string key, byte[] value) => _servers.Store(_servers.Data.Next().Set(key, value));

    /// <summary>The keys below a prefix, for judges and faults.</summary>
    public IReadOnlyList<KvEntry> List(string prefix) => [.. _servers.Data.Below(prefix)];

    /// <summary>Somebody replaces all content by a copy: no session survives, and every key is written anew.</summary>
    public void Replace(IReadOnlyList<KvEntry> keys) => _servers.Store(_servers.Data.Next().Replace(keys));

    /// <summary>Consul's own leader is lost or gives up: no answers until another is elected.</summary>
    public void ChangeLeader() => _servers.ChangeLeader();

    /// <summary>The host lost its power, and its agent with it.</summary>
    public void AfterPowerCut(string host) => _agents[host].AfterPowerCut();

    /// <summary>A request by a program of the host. The answer comes once or never; null: the connection broke.</summary>
    public void Take(string host, ConsulWork work, Action<ConsulReplyDraft?, bool> answer)
    {
        if (work is ConsulWork.Local local)
        {
            _timeline.After(_chance.Between(0.2, 2), () => TakeLocal(host, local, answer));
            return;
        }

        var isLost = Faults.CountIf("Consul's answer lost", _chance.Chance(_mix().LostAnswers));
        // It never arrives, and nobody says so.
        if (Faults.CountIf("request to Consul lost", !isLost && _chance.Chance(_mix().LostAnswers))) return;
        var (now, hold) = (_timeline.Now, _chance.Chance(0.5) ? Hold : LongHold);
        _timeline.After(_chance.Between(0.5, 6), () => Try(new PendingCall(host, work, now, now + hold, isLost, answer)));
    }

    private KvEntry? Lead => _servers.Data.Keys.GetValueOrDefault(StateKeys.Lead);

    // A change is answered when the servers know it too, or when none has taken it for a while.
    private void TakeLocal(string host, ConsulWork.Local local, Action<ConsulReplyDraft?, bool> answer)
    {
        if (!_isPowered(host)) return;
        var agent = _agents[host];
        var reply = local.Run(agent);
        AnswerWhenSynced(agent, reply, _timeline.Now + Hold, answer);
    }

    private void AnswerWhenSynced(
        SimulatedConsulAgent agent, ConsulReplyDraft reply, TimeSpan until, Action<ConsulReplyDraft?, bool> answer)
    {
        if (!agent.IsDirty || _timeline.Now >= until) answer(reply, true);
        else _timeline.After(_chance.Between(20, 120), () => AnswerWhenSynced(agent, reply, until, answer));
    }

    private void Try(PendingCall call)
    {
        if (!_isPowered(call.Host)) return;
        var server = call.Work is ConsulWork.Read { Mode: ConsistencyMode.Stale } ? _servers.NearestTo(call.Host)
            : _servers.Serves(call.Host) ? _servers.Leader : null;
        if (server is not null) CarryOut(call, server);
        else if (_timeline.Now < call.GivesUpAt) _timeline.After(_chance.Between(20, 120), () => Try(call));
        else Answer(call, ConsulReplyDraft.Failed(500, "No cluster leader"));
    }

    private void CarryOut(PendingCall call, string server)
    {
        switch (call.Work)
        {
            case ConsulWork.Read read:
                var data = read.Mode == ConsistencyMode.Stale ? StaleData(server, read) : _servers.Data;
                if (read.After == 0 || read.IndexOf(data) > read.After) Answer(call, read.Render(data));
                else Await(call, read, server);
                break;
            case ConsulWork.Write write:
                Faults.CountIf("request carried out after its caller gave up", _timeline.Now - call.SentAt > Patience);
                Answer(call, Carry(call.Host, write));
                break;
        }
    }

    private ConsulReplyDraft Carry(string host, ConsulWork.Write write)
    {
        var before = HolderSession;
        var (after, reply) = write.Run(_servers.Data.Next(), host);
        if (after is null) return reply;
        if (write.Operations.Count > 0)
            OnWrite(host, SessionOf(write.Operations), [.. write.Operations.Select(ConsulOperations.Of).OfType<TransactionOperation>()]);
        _servers.Store(after);
        if (HolderSession is { } holder && holder != before) _tell($"{Holder} wins the lock (term {HolderTerm})");
        return reply;
    }

    private static string? SessionOf(IReadOnlyList<TransactionOperationJson> operations) =>
        operations.FirstOrDefault(operation => operation.Kv?.Verb == "check-session")?.Kv!.Session;

    // A server may lag behind: an answer at once can be old. One that waits is never older than what it waits for.
    private ConsulData StaleData(string server, ConsulWork.Read read)
    {
        var copy = _servers.CopyOf(server);
        var isOld = _chance.Chance(_mix().StaleReads) && _old.Index < copy.Index && (read.After == 0 || read.IndexOf(_old) > read.After);
        return Faults.CountIf("stale read", isOld) ? _old : copy;
    }

    private void Await(PendingCall call, ConsulWork.Read read, string server)
    {
        var waiting = new WaitingQuery(call, read, server);
        _waiting.Add(waiting);
        _timeline.After(read.Wait + (read.Wait * (_chance.Unit() / 16)), () =>
        {
            if (_waiting.Remove(waiting)) Finish(waiting);
        });
    }

    private void Wake()
    {
        for (var i = 0; i < _waiting.Count; i++)
        {
            var waiting = _waiting[i];
            if (waiting.Read.IndexOf(DataFor(waiting)) <= waiting.Read.After) continue;
            _waiting.RemoveAt(i--);
            Finish(waiting);
        }
    }

    private ConsulData DataFor(WaitingQuery waiting) =>
        waiting.Read.Mode == ConsistencyMode.Stale ? _servers.CopyOf(waiting.Server) : _servers.Data;

    // The server that was asked has its power and is reached, or nobody ever answers.
    private void Finish(WaitingQuery waiting)
    {
        if (_servers.AreJoined(waiting.Call.Host, waiting.Server)) Answer(waiting.Call, waiting.Read.Render(DataFor(waiting)));
    }

    private void Answer(PendingCall call, ConsulReplyDraft reply)
    {
        var isLeaderKnown = _servers.IsLed;
        if (!call.IsLost) _timeline.After(_chance.Between(0.3, 4), () => call.Answer(reply, isLeaderKnown));
        else if (_chance.Chance(0.5)) _timeline.After(_chance.Between(0.3, 4), () => call.Answer(null, isLeaderKnown));
    }

    private void Sync(SimulatedConsulAgent agent)
    {
        if (!_servers.Serves(agent.Host)) return;
        var before = HolderSession;
        _servers.Store(agent.Sync(_servers.Data.Next()));
        TellOfLoss(before, agent.Host);
    }

    private void TellOfLoss(string? before, string host)
    {
        if (before is not null && HolderSession is null) _tell($"{host}'s session ends: the lock is free");
    }

    private void Beat()
    {
        _servers.Beat();
        if (_servers.IsLed)
        {
            var (before, holder) = (HolderSession, Holder);
            _servers.Store(_gossip.Look(_servers.Data));
            TellOfLoss(before, holder ?? "");
            foreach (var agent in _agents.Values)
                if (agent.IsDirty) Sync(agent);
        }

        _timeline.After(Tick, Beat);
    }

    private void KeepOld()
    {
        _old = _servers.Data;
        _timeline.After(TimeSpan.FromSeconds(2), KeepOld);
    }

    private sealed record PendingCall(
        string Host, ConsulWork Work, TimeSpan SentAt, TimeSpan GivesUpAt, bool IsLost, Action<ConsulReplyDraft?, bool> Answer);

    private sealed record WaitingQuery(PendingCall Call, ConsulWork.Read Read, string Server);
}
