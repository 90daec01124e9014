// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;
using ClusterManager.Simulation.Agents;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// What ends again and again is started again ever later: after the n-th end in a row within one life of its agent at least half of what
/// the policy says. And a port of the node rests for a minute before another allocation gets it.
/// </summary>
internal sealed class Restarts(Func<TimeSpan> now)
{
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PortRest = TimeSpan.FromSeconds(60);
    private readonly Dictionary<(string Host, AllocationId Id), Run> _runs = [];
    private readonly Dictionary<(string Host, AllocationId Id), TimeSpan> _skews = [];
    private readonly Dictionary<(string Host, int Port), (AllocationId Id, SimulatedAgent? Agent, TimeSpan Ended)> _ports = [];

    /// <summary>How often the allocation's runs on that host have ended in a row.</summary>
    public int EndsInARow(SimulatedHost host, AllocationId id) => _runs.GetValueOrDefault((host.Name, id)).Ends;

    /// <summary>The allocation has run on that host.</summary>
    public bool HasRun(SimulatedHost host, AllocationId id) => _runs.ContainsKey((host.Name, id));

    /// <summary>A run ends.</summary>
    public void Ended(SimulatedHost host, AllocationId id, IEnumerable<int> ports)
    {
        var run = _runs.GetValueOrDefault((host.Name, id));
        var isSame = run.Agent == host.Agent && host.Agent is not null;
        // The engine tells a run's length by the wall clock: one that was set meanwhile can make a short run a long one.
        var isSet = _skews.GetValueOrDefault((host.Name, id)) != host.Skew;
        var ends = !isSame || isSet || now() - run.Began >= StableAfter ? 1 : run.Ends + 1;
        _runs[(host.Name, id)] = new Run(host.Agent, ends, run.Began, now());
        foreach (var port in ports) _ports[(host.Name, port)] = (id, host.Agent, now());
    }

    /// <summary>A run begins.</summary>
    public IEnumerable<string> Began(SimulatedHost host, AllocationId id, IEnumerable<int> ports)
    {
        var run = _runs.GetValueOrDefault((host.Name, id));
        var isSame = run.Agent == host.Agent && host.Agent is not null;
        var least = TimeSpan.FromSeconds(0.45 * Math.Pow(2, Math.Min(run.Ends - 2, 6)));
        if (isSame && run.Ends >= 3 && now() - run.Ended < least)
            yield return $"{id} on {host.Name} starts {(now() - run.Ended).TotalSeconds:0.0} s after its end number {run.Ends} in a row";
        _runs[(host.Name, id)] = new Run(host.Agent, isSame ? run.Ends : 0, now(), run.Ended);
        _skews[(host.Name, id)] = host.Skew;
        foreach (var port in ports)
            if (_ports.TryGetValue((host.Name, port), out var last) && last.Id != id && last.Agent == host.Agent
                && now() - last.Ended < PortRest)
                yield return $"{id} on {host.Name} gets port {port}, which {last.Id} had {(now() - last.Ended).TotalSeconds:0.0} s ago";
    }

    private readonly record struct Run(SimulatedAgent? Agent, int Ends, TimeSpan Began, TimeSpan Ended);
}
