// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Simulation.Workload;

/// <summary>How often each kind of fault has happened, so that one that never does is noticed.</summary>
internal sealed class FaultCounts
{
    /// <summary>Every kind there is; over some hundred seeds each must happen.</summary>
    public static readonly IReadOnlyList<string> Kinds =
    [
        "manager killed", "manager paused", "agent killed", "agent paused", "agent paused beyond its grace", "agent's disk lost",
        "agent restarted while cut off", "engine restarted", "engine upgraded", "engine hung", "power cut", "power cut of everything",
        "power cut, quorum late", "network cut", "burst of packet loss",
        "connection forgotten on the way", "Consul's leader changed", "Consul set back to an older copy",
        "Consul emptied", "container removed by hand", "container killed by hand", "clock jumped", "stale read", "packet lost",
        "Consul's answer lost", "request to Consul lost", "request carried out after its caller gave up", "engine's answer lost",
        "engine refuses", "engine's event lost", "stop ignored", "operator's answer lost", "node joined", "node removed",
        "forged order", "disk full", "disk damaged", "hook succeeded", "hook failed", "hook timed out", "hook stopped",
        "hook's end unknown",
    ];

    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>All counts so far.</summary>
    public ImmutableSortedDictionary<string, int> All => _counts.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>One more.</summary>
    public void Count(string kind)
    {
        if (!Kinds.Contains(kind)) throw new ArgumentException($"'{kind}' is not among the kinds of faults", nameof(kind));
        _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
    }

    /// <summary>One more, if it happens.</summary>
    public bool CountIf(string kind, bool happens)
    {
        if (happens) Count(kind);
        return happens;
    }
}
