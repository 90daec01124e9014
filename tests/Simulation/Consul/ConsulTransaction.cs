// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;

namespace ClusterManager.Simulation.Consul;

/// <summary>All-or-nothing changes as the servers carry them out: every operation is tried, and each that fails is named. Pure.</summary>
internal sealed class ConsulTransaction(ConsulData data)
{
    private readonly List<TransactionErrorJson> _errors = [];
    private readonly List<TransactionEntryJson> _results = [];
    private ConsulData _data = data;

    /// <summary>What is stored afterwards (null: nothing changes), and the answer.</summary>
    public static (ConsulData? After, TransactionReplyJson Reply) Run(ConsulData data, IReadOnlyList<TransactionOperationJson> operations)
    {
        var run = new ConsulTransaction(data);
        for (var i = 0; i < operations.Count; i++)
            if (run.Carry(operations[i]) is { } what) run._errors.Add(new TransactionErrorJson { OpIndex = i, What = what });
        return run._errors.Count == 0
            ? (run._data, new TransactionReplyJson { Results = run._results }) : (null, new TransactionReplyJson { Errors = run._errors });
    }

    // Null: done.
    private string? Carry(TransactionOperationJson operation) => operation switch
    {
        { Kv: { } kv } => Carry(kv),
        { Service: { Verb: "delete" } service } => Take(
            _data.RemoveService(service.Node, service.Service.Id), $"Cannot delete service {service.Service.Id}: not found"),
        _ => throw new NotSupportedException("the simulated Consul does not know this operation"),
    };

    private string? Carry(KvOperationJson kv)
    {
        var known = _data.Keys.GetValueOrDefault(kv.Key);
        var value = kv.Value?.ToArray() ?? [];
        switch (kv.Verb)
        {
            case "check-session" when known is null: return $"failed to check session, key \"{kv.Key}\" doesn't exist";
            case "check-session" when known.Session != kv.Session:
                return $"failed session check for key \"{kv.Key}\", current session \"{known.Session}\" != \"{kv.Session}\"";
            case "check-index" when known is null: return $"failed to check index, key \"{kv.Key}\" doesn't exist";
            case "check-index" when known.ModifyIndex != kv.Index:
                return $"failed index check for key \"{kv.Key}\", current modify index {known.ModifyIndex} != {kv.Index}";
            case "check-not-exists": return known is null ? null : $"key \"{kv.Key}\" exists";
            case "cas" when (known?.ModifyIndex ?? 0) != kv.Index: return $"failed to set key \"{kv.Key}\", index is stale";
            case "cas" or "set": return Written(kv.Key, _data.Set(kv.Key, value, kv.Flags ?? 0));
            case "lock" when !_data.Sessions.ContainsKey(kv.Session ?? ""): return $"invalid session \"{kv.Session}\"";
            case "lock":
                return Written(kv.Key, _data.Lock(kv.Key, value, kv.Session!), $"failed to lock key \"{kv.Key}\", lock is already held");
            case "unlock":
                return Written(kv.Key, _data.Unlock(kv.Key, value, kv.Session!), $"failed to unlock key \"{kv.Key}\", lock isn't held");
            case "delete": return Take(_data.Delete(kv.Key), "");
            case "delete-tree": return Take(_data.DeleteBelow(kv.Key), "");
            case "get" when known is null: return $"key \"{kv.Key}\" doesn't exist";
            case "get": return Told([known]);
            case "get-tree": return Told(_data.Below(kv.Key));
            default: return Told([known! with { Value = [] }]);
        }
    }

    private string? Written(string key, ConsulData? after, string refusal = "") =>
        Take(after, refusal) ?? Told([_data.Keys[key] with { Value = [] }]);

    private string? Take(ConsulData? after, string refusal)
    {
        if (after is null) return refusal;
        _data = after;
        return null;
    }

    private string? Told(IEnumerable<KvEntry> entries)
    {
        _results.AddRange(entries.Select(entry => new TransactionEntryJson { Kv = entry }));
        return null;
    }
}
