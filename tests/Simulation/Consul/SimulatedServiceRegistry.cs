// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Discovery;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Consul;

/// <summary>
/// The services of one host's own Consul agent, with their checks' time to live. They outlive our agent and the host's power.
/// </summary>
internal sealed class SimulatedServiceRegistry(Timeline timeline, ulong seed, string host, Action<string> tell) : IServiceRegistry
{
    private static readonly TimeSpan TimeToLive = ConsulServiceRegistry.TimeToLive;
    private readonly SeededStream _chance = new(seed, $"services/{host}");
    private const string ForeignId = "postgres";
    private readonly Dictionary<string, TimeSpan> _lastPassing = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (Registration Entry, TimeSpan BeatAt)> _entries = new(StringComparer.Ordinal)
    {
        [ForeignId] = (new Registration { Id = ForeignId, Name = ForeignId, Address = "", Port = 5432, Meta = Model.Maps.Empty,
            IsPassing = true }, TimeSpan.MaxValue),
    };

    /// <summary>Changes so far.</summary>
    public int Changes { get; private set; }

    /// <summary>The entry that somebody else made here is still there.</summary>
    public bool HasForeign => _entries.ContainsKey(ForeignId);

    /// <summary>When callers were last sent to the allocation; null: never, or they are.</summary>
    public TimeSpan? LastPassing(string allocation) => _lastPassing.TryGetValue(allocation, out var at) ? at : null;

    /// <summary>Every entry of ours, and whether callers get it.</summary>
    public IEnumerable<(Registration Entry, bool IsPassing)> Entries =>
        All.Where(pair => pair.Entry.Id != ForeignId);

    private IEnumerable<(Registration Entry, bool IsPassing)> All =>
        _entries.Values.Select(pair => (pair.Entry, pair.Entry.IsPassing && timeline.Now - pair.BeatAt <= TimeToLive));

    /// <summary>After a restart of Consul's agent every check is critical until it is beaten.</summary>
    public void AfterPowerCut()
    {
        foreach (var id in _entries.Keys.ToList()) _entries[id] = (_entries[id].Entry with { IsPassing = false }, _entries[id].BeatAt);
    }

    public Task<ImmutableArray<Registration>> ListAsync(CancellationToken cancellationToken) =>
        AfterAWhile(() => All.Select(pair => pair.Entry with { IsPassing = pair.IsPassing }).ToImmutableArray());

    public Task ApplyAsync(RegistrationChange change, CancellationToken cancellationToken) => AfterAWhile(() =>
    {
        Apply(change);
        return true;
    });

    private void Apply(RegistrationChange change)
    {
        var before = _entries.GetValueOrDefault(change.Id).Entry;
        switch (change)
        {
            case RegistrationChange.Register register:
                Change($"registers {change.Id} ({(register.Service.IsPassing ? "passing" : "critical")})");
                _entries[change.Id] = (register.Service, timeline.Now);
                break;
            case RegistrationChange.SetCheck check when _entries.TryGetValue(change.Id, out var known):
                if (known.Entry.IsPassing != check.IsPassing) Change($"sets {change.Id} {(check.IsPassing ? "passing" : "critical")}");
                _entries[change.Id] = (known.Entry with { IsPassing = check.IsPassing }, timeline.Now);
                break;
            case RegistrationChange.Deregister:
                Change($"deregisters {change.Id}");
                _entries.Remove(change.Id);
                break;
        }

        var isPassing = _entries.GetValueOrDefault(change.Id).Entry is { IsPassing: true };
        if (before is { IsPassing: true } && !isPassing && before.Meta.TryGetValue("allocation", out var id))
            _lastPassing[id] = timeline.Now;
    }

    private void Change(string what)
    {
        Changes++;
        tell(what);
    }

    private Task<T> AfterAWhile<T>(Func<T> carryOut)
    {
        var answer = new TaskCompletionSource<T>();
        timeline.After(_chance.Between(0.5, 5), () => answer.TrySetResult(carryOut()));
        return answer.Task;
    }
}
