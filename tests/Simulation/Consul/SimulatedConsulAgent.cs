// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Consul;

/// <summary>
/// The Consul agent of one host: its services and checks, the time to live of each, and what of it the servers do not know yet. It answers
/// also while no server does, and what it holds outlives a power cut, with every check critical.
/// </summary>
internal sealed class SimulatedConsulAgent(Timeline timeline, string host, string address)
{
    private readonly SortedDictionary<string, CatalogService> _services = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (HealthCheck Check, TimeSpan Ttl, TimeSpan BeatAt)> _checks = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _dirtyServices = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _dirtyChecks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _watched = [];

    /// <summary>Its host's name, and so its node's.</summary>
    public string Host => host;

    /// <summary>The servers do not know everything yet.</summary>
    public bool IsDirty => _dirtyServices.Count + _dirtyChecks.Count > 0;

    /// <summary>Told when something changed that the servers should know.</summary>
    public Action<SimulatedConsulAgent> OnChange { get; set; } = static _ => { };

    /// <summary><c>GET services</c>.</summary>
    public ConsulReplyDraft ListServices() => ConsulReplyDraft.Of(
        _services.Values.ToDictionary(service => service.Id, service => new AgentService
        {
            Id = service.Id, Name = service.Name, Address = service.Address, Port = service.Port, Tags = service.Tags, Meta = service.Meta,
        }, StringComparer.Ordinal), ConsulJson.Default.DictionaryStringAgentService);

    /// <summary><c>GET checks</c>.</summary>
    public ConsulReplyDraft ListChecks() => ConsulReplyDraft.Of(
        _checks.ToDictionary(pair => pair.Key, pair => pair.Value.Check, StringComparer.Ordinal),
        ConsulJson.Default.DictionaryStringHealthCheck);

    /// <summary>A service with its checks: those it does not name any more go, and one that was there keeps what it says.</summary>
    public ConsulReplyDraft Register(ServiceRegisterJson service)
    {
        var gone = _checks.Values.Select(one => one.Check)
            .Where(check => check.ServiceId == service.Id && service.Checks.All(named => named.CheckId != check.Id)).ToList();
        foreach (var check in gone) Remove(check.Id);
        _services[service.Id] = new CatalogService
        {
            Node = host, NodeAddress = address, Id = service.Id, Name = service.Name, Address = service.Address ?? "", Port = service.Port,
            Tags = service.Tags, Meta = service.Meta,
        };
        _dirtyServices.Add(service.Id);
        foreach (var check in service.Checks) Put(check, check.CheckId!, service.Id, service.Name);
        OnChange(this);
        return ConsulReplyDraft.Done;
    }

    /// <summary>A check of the node, or of one of its services.</summary>
    public ConsulReplyDraft Register(CheckRegisterJson check)
    {
        Put(check, check.Id!, check.ServiceId ?? "", _services.GetValueOrDefault(check.ServiceId ?? "")?.Name ?? "");
        OnChange(this);
        return ConsulReplyDraft.Done;
    }

    /// <summary>A report for a check: its time begins anew.</summary>
    public ConsulReplyDraft Update(string id, CheckStatus status, string output)
    {
        if (!_checks.TryGetValue(id, out var known))
            return ConsulReplyDraft.Failed(500, $"CheckID \"{id}\" does not have associated TTL");
        _checks[id] = known with { BeatAt = timeline.Now };
        if (known.Check.Status != status) Say(id, status, output);
        return ConsulReplyDraft.Done;
    }

    /// <summary>A service goes with its checks.</summary>
    public ConsulReplyDraft DeregisterService(string id)
    {
        foreach (var check in _checks.Values.Select(one => one.Check).Where(check => check.ServiceId == id).ToList()) Remove(check.Id);
        if (_services.Remove(id)) _dirtyServices.Add(id);
        OnChange(this);
        return ConsulReplyDraft.Done;
    }

    /// <summary>A check goes.</summary>
    public ConsulReplyDraft DeregisterCheck(string id)
    {
        Remove(id);
        OnChange(this);
        return ConsulReplyDraft.Done;
    }

    /// <summary>The agent was ended without a good-bye: when it is back, every check is critical until it is beaten.</summary>
    public void AfterPowerCut()
    {
        foreach (var id in _checks.Keys.ToList()) Say(id, CheckStatus.Critical, "");
    }

    /// <summary>Tells the servers what they do not know.</summary>
    public ConsulData Sync(ConsulData data)
    {
        foreach (var id in _dirtyServices)
            data = _services.TryGetValue(id, out var service) ? data.Put(service) : data.RemoveService(host, id) ?? data;
        foreach (var id in _dirtyChecks)
            data = _checks.TryGetValue(id, out var check) ? data.Put(check.Check) : data.RemoveCheck(host, id);
        _dirtyServices.Clear();
        _dirtyChecks.Clear();
        return data;
    }

    private void Put(CheckRegisterJson check, string id, string service, string serviceName)
    {
        var known = _checks.TryGetValue(id, out var there);
        var ttl = ConsulRoutes.Duration(check.Ttl);
        var now = new HealthCheck
        {
            Node = host, Id = id, Name = check.Name, ServiceId = service, ServiceName = serviceName,
            Status = known ? there.Check.Status : check.Status, Output = known ? there.Check.Output : "",
        };
        _checks[id] = (now, ttl, timeline.Now);
        _dirtyChecks.Add(id);
        if (_watched.Add(id)) WatchTtl(id, ttl);
    }

    private void Remove(string id)
    {
        if (_checks.Remove(id)) _dirtyChecks.Add(id);
    }

    private void Say(string id, CheckStatus status, string output)
    {
        var known = _checks[id];
        _checks[id] = known with { Check = known.Check with { Status = status, Output = output } };
        _dirtyChecks.Add(id);
        OnChange(this);
    }

    // One event a time to live, however often it is beaten.
    private void WatchTtl(string id, TimeSpan after) => timeline.After(after, () =>
    {
        if (!_checks.TryGetValue(id, out var known))
        {
            _watched.Remove(id);
            return;
        }

        var left = known.Ttl - (timeline.Now - known.BeatAt);
        if (left > TimeSpan.Zero)
        {
            WatchTtl(id, left);
            return;
        }

        if (known.Check.Status != CheckStatus.Critical) Say(id, CheckStatus.Critical, "TTL expired");
        WatchTtl(id, known.Ttl);
    });
}
