// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Consul;
using ClusterManager.Manager.Persistence;
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Network;

namespace ClusterManager.Simulation.Consul;

/// <summary>
/// Consul as CONSUL's own words and our measurements have it: one linear history of the keys behind a quorum of servers, sessions that end
/// with
/// their check or their host's serfHealth, a pause of some seconds when its leader changes, answers that get lost, and requests that are
/// carried out after their caller has given up.
/// </summary>
internal sealed class SimulatedConsul
{
    /// <summary>How long a caller waits for an answer.</summary>
    public static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CheckTtl = TimeSpan.FromSeconds(2);
    private readonly Timeline _timeline;
    private readonly SimulatedNetwork _network;
    private readonly SeededStream _chance;
    private readonly Func<FaultMix> _mix;
    private readonly Action<string> _tell;
    private readonly IReadOnlyList<string> _hosts;
    private readonly IReadOnlyList<string> _servers;
    private readonly Func<string, bool> _isPowered;
    private readonly SortedDictionary<string, KvEntry> _keys = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _sessions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, TimeSpan> _beats = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, bool> _serf = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, TimeSpan> _serfChangeAt = new(StringComparer.Ordinal);
    private ulong _index = 1;
    private int _sessionCount;
    private string? _leader;
    private TimeSpan _electedAt;

    public SimulatedConsul(
        Timeline timeline, SimulatedNetwork network, ulong seed, Func<FaultMix> mix, Action<string> tell, IReadOnlyList<string> hosts,
        int servers, Func<string, bool> isPowered)
    {
        _timeline = timeline;
        _network = network;
        _chance = new SeededStream(seed, "consul");
        _mix = mix;
        _tell = tell;
        _hosts = hosts;
        _servers = [.. hosts.Take(servers)];
        _isPowered = isPowered;
        foreach (var host in hosts) _serf[host] = true;
        _leader = _servers[0];
        Beat();
    }

    /// <summary>The keys as they are, for judges; no program reads them so.</summary>
    public IReadOnlyDictionary<string, KvEntry> Keys => _keys;

    /// <summary>Who holds the lock, for judges.</summary>
    public string? Holder => _keys.GetValueOrDefault(StateKeys.Lead)?.Session is { } session ? _sessions.GetValueOrDefault(session) : null;

    /// <summary>The session that holds the lock, for judges.</summary>
    public string? HolderSession => _keys.GetValueOrDefault(StateKeys.Lead)?.Session;

    /// <summary>Told of each transaction that wrote, with the session that it checked (null: none).</summary>
    public Action<string, string?, IReadOnlyList<TransactionOperation>> OnWrite { get; set; } = static (_, _, _) => { };

    /// <summary>A server takes calls of this host now.</summary>
    public bool Serves(string host) =>
        _leader is { } leader && _timeline.Now >= _electedAt && _isPowered(host)
            && Members(leader).Any(member => _network.AreJoined(host, member));

    /// <summary>What serfHealth says of every host.</summary>
    public IReadOnlyDictionary<string, bool> Serf => _serf;

    /// <summary>Sets a key without asking anybody: what <c>init</c> left.</summary>
    public void Seed(string key, byte[] value) => Put(key, value, null, 0);

    /// <summary>Consul's own leader is lost or gives up: no answers until another is elected.</summary>
    public void ChangeLeader()
    {
        _electedAt = _timeline.Now + _chance.Between(1200, 3800);
        _tell("Consul changes its own leader");
    }

    /// <summary>A manager's check is registered passing, or beaten. Local to the host: always answered.</summary>
    public void BeatCheck(string host) => _beats[host] = _timeline.Now;

    /// <summary>A manager's check is taken away.</summary>
    public void EndCheck(string host) => _beats.Remove(host);

    /// <summary>A request by the caller's host. The answer comes once, in the caller's process; null means that nobody knows.</summary>
    /// <param name="host">The caller's.</param>
    /// <param name="process">The caller.</param>
    /// <param name="carryOut">Happens at Consul's leader, at most once.</param>
    /// <param name="answer">Told the result, or null.</param>
    public void Call<T>(string host, SimulatedProcess process, Func<T?> carryOut, Action<T?> answer)
        where T : class
    {
        var isAnswered = false;
        var givesUpAt = _timeline.Now + CallDeadline;
        var isLost = _chance.Chance(_mix().LostAnswers);
        var isDropped = !isLost && _chance.Chance(_mix().LostAnswers);
        var lingers = _chance.Chance(0.5);
        if (!isDropped) _timeline.After(_chance.Between(0.5, 6), Try);
        process.After(CallDeadline, () => Answer(null));

        void Try()
        {
            if (!_isPowered(host)) return;
            if (!Serves(host))
            {
                // A request may wait at a server and be carried out long after its caller has given up.
                if (_timeline.Now < givesUpAt + (lingers
                    ? TimeSpan.FromSeconds(8) : TimeSpan.Zero)) _timeline.After(_chance.Between(20, 120), Try);
                return;
            }

            var result = carryOut();
            if (!isLost) _timeline.After(_chance.Between(0.3, 4), () => process.Run(() => Answer(result)));
        }

        void Answer(T? result)
        {
            if (isAnswered) return;
            isAnswered = true;
            answer(result);
        }
    }

    /// <summary>Creates a session bound to the host's serfHealth and its manager's check; empty: refused.</summary>
    public string CreateSession(string host)
    {
        if (!_serf[host] || !IsBeaten(host)) return "";
        var id = string.Create(CultureInfo.InvariantCulture, $"session-{++_sessionCount:000}");
        _sessions[id] = host;
        return id;
    }

    /// <summary>Ends a session and frees its lock.</summary>
    public void DestroySession(string session)
    {
        if (!_sessions.Remove(session)) return;
        if (_keys.GetValueOrDefault(StateKeys.Lead) is { } lead
            && lead.Session == session) Put(StateKeys.Lead, lead.Value, null, lead.LockIndex);
    }

    /// <summary>Tries to take the lock.</summary>
    public bool Acquire(string session, byte[] value)
    {
        if (!_sessions.TryGetValue(session, out var host)) return false;
        var lead = _keys.GetValueOrDefault(StateKeys.Lead);
        if (lead?.Session is not null && lead.Session != session) return false;
        if (lead?.Session != session) _tell($"{host} wins the lock (term {(lead?.LockIndex ?? 0) + 1})");
        Put(StateKeys.Lead, value, session, lead?.Session == session ? lead.LockIndex : (lead?.LockIndex ?? 0) + 1);
        return true;
    }

    /// <summary>Carries out a transaction, all or nothing.</summary>
    public TransactionResult Transact(string host, IReadOnlyList<TransactionOperation> operations)
    {
        if (operations.Count > TransactionLimits.OperationCountMax) throw new InvalidOperationException($"{operations.Count} operations "
            + $"in a transaction");
        for (var i = 0; i < operations.Count; i++)
            if (Refusal(operations[i]) is { } what) return TransactionRejection.Choose([new TransactionErrorJson { OpIndex = i,
                What = what }]);
        var written = operations.Where(operation => operation.Writes).ToList();
        if (written.Count > 0) OnWrite(host, operations.FirstOrDefault(operation => operation.Verb == "check-session")?.Session,
            operations);
        var entries = new List<KvEntry>();
        _index++;
        foreach (var operation in written)
        {
            if (operation.Verb == "delete") _keys.Remove(operation.Key);
            else entries.Add(Put(operation.Key, operation.Value!.Value.ToArray(), null, 0, isNewIndex: false));
        }

        return new TransactionResult.Committed(entries);
    }

    /// <summary>One key.</summary>
    public KvEntry? Get(string key) => _keys.GetValueOrDefault(key);

    /// <summary>All keys below a prefix.</summary>
    public IReadOnlyList<KvEntry> List(string prefix) =>
        [.. _keys.Values.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))];

    private string? Refusal(TransactionOperation operation) => operation.Verb switch
    {
        "check-session" when _keys.GetValueOrDefault(operation.Key)?.Session != operation.Session =>
            $"failed session check for key \"{operation.Key}\", current session \"{_keys.GetValueOrDefault(operation.Key)?.Session}\" != "
                + $"\"{operation.Session}\"",
        "cas" when (_keys.GetValueOrDefault(operation.Key)?.ModifyIndex ?? 0) != operation.Index => $"failed to set key \""
            + $"{operation.Key}\", index is stale",
        "check-session" or "cas" or "set" or "delete" => null,
        _ => throw new NotSupportedException(operation.Verb),
    };

    private KvEntry Put(string key, byte[] value, string? session, ulong lockIndex, bool isNewIndex = true)
    {
        if (isNewIndex) _index++;
        var known = _keys.GetValueOrDefault(key);
        return _keys[key] = new KvEntry
        {
            Key = key, Value = value, Session = session, LockIndex = lockIndex, CreateIndex = known?.CreateIndex ?? _index,
                ModifyIndex = _index,
        };
    }

    private bool IsBeaten(string host) => _beats.TryGetValue(host, out var at) && _timeline.Now - at <= CheckTtl;

    private IEnumerable<string> Members(string leader) =>
        _servers.Where(server => _isPowered(server) && (server == leader || _network.AreJoined(server, leader)));

    private bool CanLead(string server) => _isPowered(server) && Members(server).Count() > _servers.Count / 2;

    private void Beat()
    {
        Elect();
        if (_leader is not null && _timeline.Now >= _electedAt)
        {
            foreach (var host in _hosts) Gossip(host);
            foreach (var (session, host) in _sessions.ToList())
            {
                if (_serf[host] && (IsBeaten(host) || !Serves(host))) continue;
                if (HolderSession == session) _tell($"{host}'s session ends: the lock is free");
                DestroySession(session);
            }
        }

        _timeline.After(Tick, Beat);
    }

    private void Elect()
    {
        if (_leader is { } leader && CanLead(leader)) return;
        var next = _servers.FirstOrDefault(CanLead);
        if (next == _leader) return;
        _leader = next;
        if (next is null)
        {
            _tell("Consul has no quorum");
            return;
        }

        _electedAt = _timeline.Now + _chance.Between(1200, 3500);
        _tell($"Consul elects {next}");
    }

    private void Gossip(string host)
    {
        var isSeen = _isPowered(host) && Members(_leader!).Any(member => _network.AreJoined(host, member));
        if (isSeen == _serf[host])
        {
            _serfChangeAt.Remove(host);
            return;
        }

        if (!_serfChangeAt.TryGetValue(host, out var at))
            _serfChangeAt[host] = at = _timeline.Now + (isSeen ? _chance.Between(50, 700) : _chance.Between(1900, 3000));
        if (_timeline.Now < at) return;
        _serf[host] = isSeen;
        _serfChangeAt.Remove(host);
        _tell($"serfHealth of {host}: {(isSeen ? "passing" : "critical")}");
    }
}
