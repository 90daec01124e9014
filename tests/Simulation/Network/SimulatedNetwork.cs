// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Workload;

namespace ClusterManager.Simulation.Network;

/// <summary>
/// What lies between the hosts: delays, and cuts in one direction or both. A cut has a beginning and an end; nothing flickers within it.
/// </summary>
internal sealed class SimulatedNetwork(Timeline timeline, ulong seed, Func<FaultMix> mix)
{
    private readonly SeededStream _chance = new(seed, "network");
    private readonly SortedSet<(string From, string To)> _cuts = [];

    /// <summary>Counts.</summary>
    public FaultCounts Faults { get; init; } = new();

    /// <summary>Messages that were handed over.</summary>
    public long Delivered { get; set; }

    /// <summary>True when nothing gets from one host to the other. A host always reaches itself.</summary>
    public bool IsCut(string from, string to) => from != to && _cuts.Contains((from, to));

    /// <summary>True when each reaches the other.</summary>
    public bool AreJoined(string one, string other) => !IsCut(one, other) && !IsCut(other, one);

    /// <summary>Cuts one direction.</summary>
    public void Cut(string from, string to) => _cuts.Add((from, to));

    /// <summary>Joins one direction.</summary>
    public void Join(string from, string to) => _cuts.Remove((from, to));

    /// <summary>Joins everything.</summary>
    public void JoinAll() => _cuts.Clear();

    /// <summary>True when anything is cut.</summary>
    public bool HasCuts => _cuts.Count > 0;

    /// <summary>How long a message takes now: most are quick, some are sent again.</summary>
    public TimeSpan Delay(string from, string to)
    {
        if (from == to) return _chance.Between(0.05, 0.3);
        var delay = _chance.Between(0.3, 5);
        if (Faults.CountIf("packet lost", _chance.Chance(mix().Loss))) delay += _chance.Between(200, 1200);
        return delay;
    }

    /// <summary>Now, for those who wait on the wire.</summary>
    public Timeline Timeline => timeline;
}
