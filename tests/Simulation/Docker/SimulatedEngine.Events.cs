// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Agent.Docker;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Docker;

/// <summary>Events: kept for a while, told to those who listen, and sometimes not.</summary>
internal sealed partial class SimulatedEngine
{
    private const int PastMax = 256;
    private readonly Queue<EngineEvent> _past = new();
    private long _announced;

    public async Task<IEngineEventReader> OpenEventsAsync(long? sinceUnixNanoseconds, EngineEventFilter filter,
        CancellationToken cancellationToken) =>
        await CallAsync(() =>
        {
            var reader = new SimulatedEventReader(filter);
            foreach (var past in _past.Where(past => past.UnixNanoseconds >= sinceUnixNanoseconds)) reader.Bring(past);
            _readers.Add(reader);
            return reader;
        }, cancellationToken);

    // True: somebody listens and will hear of it.
    private bool Announce(SimulatedContainer container, string action)
    {
        if (Faults.CountIf("engine's event lost", _chance.Chance(_mix().LostEvents))) return false;
        var attributes = new SortedDictionary<string, string>(container.Request.Labels.ToDictionary(), StringComparer.Ordinal)
        {
            ["image"] = container.Request.Image, ["name"] = container.Request.Name,
        };
        if (action == "die") attributes["exitCode"] = container.ExitCode.ToString(CultureInfo.InvariantCulture);
        var happened = new EngineEvent((_timeline.Now.Ticks * 100) + ++_announced, "container", action, container.Id, attributes);
        _past.Enqueue(happened);
        if (_past.Count > PastMax) _past.Dequeue();
        foreach (var reader in _readers) _timeline.After(_chance.Between(0.2, 10), () => reader.Bring(happened));
        return _readers.Count > 0;
    }
}
