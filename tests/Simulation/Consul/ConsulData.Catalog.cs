// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;

namespace ClusterManager.Simulation.Consul;

/// <content>Changes of services and checks, and the sessions that end by them.</content>
internal sealed partial record ConsulData
{
    /// <summary>Gossip's own check of every node.</summary>
    public const string SerfHealth = "serfHealth";

    /// <summary>A check is there and says this; sessions that depend on a critical one end.</summary>
    public ConsulData Put(HealthCheck check)
    {
        var known = Checks.GetValueOrDefault(check.Node) ?? Maps<HealthCheck>();
        if (known.TryGetValue(check.Id, out var same) && same == check) return this;
        var data = this with { Checks = Checks.SetItem(check.Node, known.SetItem(check.Id, check)), CatalogIndex = Index };
        return check.Status == CheckStatus.Critical ? data.EndBoundTo(check.Node, check.Id) : data;
    }

    /// <summary>A check is gone, and so are the sessions that depend on it.</summary>
    public ConsulData RemoveCheck(string node, string id)
    {
        if (!Checks.TryGetValue(node, out var known) || !known.ContainsKey(id)) return this;
        var data = this with { Checks = Checks.SetItem(node, known.Remove(id)), CatalogIndex = Index };
        return data.EndBoundTo(node, id);
    }

    /// <summary>A service is there.</summary>
    public ConsulData Put(CatalogService service)
    {
        var known = Services.GetValueOrDefault(service.Node) ?? Maps<CatalogService>();
        return this with { Services = Services.SetItem(service.Node, known.SetItem(service.Id, service)), CatalogIndex = Index };
    }

    /// <summary>A service is gone with its checks; null: it was not there.</summary>
    public ConsulData? RemoveService(string node, string id)
    {
        if (!Services.TryGetValue(node, out var known) || !known.ContainsKey(id)) return null;
        var data = this with { Services = Services.SetItem(node, known.Remove(id)), CatalogIndex = Index };
        var checks = Checks.GetValueOrDefault(node)?.Values.Where(check => check.ServiceId == id).ToList() ?? [];
        return checks.Aggregate(data, (after, check) => after.RemoveCheck(node, check.Id));
    }

    /// <summary>The instances of a service with every check that bears on them.</summary>
    public IEnumerable<(CatalogService Service, IReadOnlyList<HealthCheck> Checks)> InstancesOf(string name) =>
        from node in Services
        from service in node.Value.Values
        where service.Name == name
        select (service, (IReadOnlyList<HealthCheck>)[.. (Checks.GetValueOrDefault(node.Key) ?? Maps<HealthCheck>()).Values
            .Where(check => check.ServiceId.Length == 0 || check.ServiceId == service.Id)]);

    /// <summary>Why a session can not be bound to this check; null: it can.</summary>
    public string? Refusal(string node, string check) => Checks.GetValueOrDefault(node)?.GetValueOrDefault(check) switch
    {
        null => $"Missing check '{check}' registration",
        { Status: CheckStatus.Critical } => $"Check '{check}' is in critical state",
        _ => null,
    };

    private ConsulData EndBoundTo(string node, string check) => Sessions.Values
        .Where(session => session.Node == node
            && (session.NodeChecks.Contains(check) || session.ServiceChecks.Any(bound => bound.Id == check)))
        .Select(session => session.Id).ToList()
        .Aggregate(this, (data, session) => data.End(session));
}
