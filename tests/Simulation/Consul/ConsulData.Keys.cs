// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;

namespace ClusterManager.Simulation.Consul;

/// <content>Changes of keys and of the sessions that lock them.</content>
internal sealed partial record ConsulData
{
    /// <summary>Writes a key; a lock on it stays.</summary>
    public ConsulData Set(string key, byte[] value, ulong flags = 0)
    {
        var known = Keys.GetValueOrDefault(key);
        // A write that changes nothing is none: the index stays.
        if (known is not null && known.Flags == flags && known.Value.AsSpan().SequenceEqual(value)) return this;
        return Put((known ?? Fresh(key)) with { Value = value, Flags = flags });
    }

    /// <summary>Writes a key and takes its lock; null: another holds it.</summary>
    public ConsulData? Lock(string key, byte[] value, string session)
    {
        var known = Keys.GetValueOrDefault(key) ?? Fresh(key);
        if (known.Session is not null && known.Session != session) return null;
        var count = known.Session == session ? known.LockIndex : known.LockIndex + 1;
        return Put(known with { Value = value, Session = session, LockIndex = count });
    }

    /// <summary>Writes a key and gives its lock back; null: this session does not hold it.</summary>
    public ConsulData? Unlock(string key, byte[] value, string session) =>
        Keys.GetValueOrDefault(key) is { } known && known.Session == session ? Put(known with { Value = value, Session = null }) : null;

    /// <summary>Removes a key.</summary>
    public ConsulData Delete(string key) => !Keys.ContainsKey(key) ? this : this with
    {
        Keys = Keys.Remove(key), Tombstones = Tombstones.SetItem(key, Index), KeysIndex = Index,
    };

    /// <summary>Removes all keys below a prefix.</summary>
    public ConsulData DeleteBelow(string prefix) =>
        Below(prefix).Select(entry => entry.Key).ToList().Aggregate(this, (data, key) => data.Delete(key));

    /// <summary>Makes a session; its checks were looked at.</summary>
    public ConsulData Begin(SessionInfo session) =>
        this with { Sessions = Sessions.Add(session.Id, session), SessionsIndex = Index };

    /// <summary>Ends a session: its locks are free.</summary>
    public ConsulData End(string session)
    {
        if (!Sessions.TryGetValue(session, out var ended)) return this;
        var data = this with { Sessions = Sessions.Remove(session), SessionsIndex = Index };
        foreach (var entry in Keys.Values.Where(entry => entry.Session == session).ToList())
            data = ended.Behavior == "delete" ? data.Delete(entry.Key) : data.Put(entry with { Session = null });
        return data;
    }

    /// <summary>All keys are these, written anew; no session survives.</summary>
    public ConsulData Replace(IReadOnlyList<KvEntry> keys)
    {
        var emptied = Sessions.Keys.Aggregate(this, (data, session) => data.End(session)).DeleteBelow("");
        return keys.Aggregate(emptied, (data, entry) => data.Put(entry with { Session = null, CreateIndex = 0 }));
    }

    private static KvEntry Fresh(string key) => new() { Key = key };

    private ConsulData Put(KvEntry entry)
    {
        var stamped = entry with { ModifyIndex = Index, CreateIndex = entry.CreateIndex == 0 ? Index : entry.CreateIndex };
        return this with { Keys = Keys.SetItem(entry.Key, stamped), KeysIndex = Index };
    }
}
