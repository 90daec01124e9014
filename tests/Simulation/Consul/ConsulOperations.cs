// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;

namespace ClusterManager.Simulation.Consul;

/// <summary>A transaction's operations back from the wire, for judges. Pure.</summary>
internal static class ConsulOperations
{
    /// <summary>The operation; null: one that judges need not see.</summary>
    public static TransactionOperation? Of(TransactionOperationJson json)
    {
        if (json.Kv is not { } kv) return null;
        var value = kv.Value ?? default;
        return kv.Verb switch
        {
            "check-session" => TransactionOperation.CheckSession(kv.Key, kv.Session!),
            "cas" => TransactionOperation.Cas(kv.Key, value, kv.Index ?? 0),
            "set" => TransactionOperation.Set(kv.Key, value),
            "delete" => TransactionOperation.Delete(kv.Key),
            "delete-tree" => TransactionOperation.DeleteTree(kv.Key),
            _ => null,
        };
    }
}
