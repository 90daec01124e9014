// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;

namespace ClusterManager.Simulation.Consul;

/// <summary><c>/v1/health</c> and <c>/v1/catalog</c>: what the servers know of services and checks. Pure.</summary>
internal static class CatalogRoutes
{
    /// <summary>What is asked for.</summary>
    public static ConsulWork Find(string path, IReadOnlyDictionary<string, string> words)
    {
        if (ConsulRoutes.Is(path, "/v1/health/state/", out var state))
            return Read(words, data => Checks(data, data.Checks.Values.SelectMany(node => node.Values)
                .Where(check => state == "any" || CheckStatusConverter.ToWire(check.Status) == state)
                .Where(FilterOf(words.GetValueOrDefault("filter", "")))));
        if (ConsulRoutes.Is(path, "/v1/health/node/", out var node))
            return Read(words, data => Checks(data, data.Checks.GetValueOrDefault(node)?.Values ?? []));
        if (ConsulRoutes.Is(path, "/v1/health/service/", out var healthy))
            return Read(words, data => Health(data, healthy, words.ContainsKey("passing")));
        if (ConsulRoutes.Is(path, "/v1/catalog/service/", out var name))
            return Read(words, data => ConsulReplyDraft.Of(
                [.. data.InstancesOf(name).Select(one => one.Service)], ConsulJson.Default.ListCatalogService, data.CatalogIndex));
        throw new NotSupportedException(path);
    }

    private static ConsulWork.Read Read(IReadOnlyDictionary<string, string> words, Func<ConsulData, ConsulReplyDraft> render) =>
        ConsulRoutes.Read(words, static data => data.CatalogIndex, render);

    private static ConsulReplyDraft Checks(ConsulData data, IEnumerable<HealthCheck> checks) =>
        ConsulReplyDraft.Of([.. checks], ConsulJson.Default.ListHealthCheck, data.CatalogIndex);

    // As much of the language of filters as is spoken here: one field that equals a text, or begins with it.
    private static Func<HealthCheck, bool> FilterOf(string filter)
    {
        if (filter.Length == 0) return static _ => true;
        var words = filter.Split(' ', 3);
        var text = words[2].Trim('"');
        Func<HealthCheck, string> field = words[0] switch
        {
            "CheckID" => static check => check.Id,
            "ServiceID" => static check => check.ServiceId,
            _ => throw new NotSupportedException(filter),
        };
        return words[1] switch
        {
            "==" => check => field(check) == text,
            "matches" when text.StartsWith('^') => check => field(check).StartsWith(text[1..], StringComparison.Ordinal),
            _ => throw new NotSupportedException(filter),
        };
    }

    private static ConsulReplyDraft Health(ConsulData data, string name, bool passingOnly)
    {
        var instances = data.InstancesOf(name)
            .Where(one => !passingOnly || one.Checks.All(check => check.Status == CheckStatus.Passing))
            .Select(one => new ServiceHealth
            {
                Node = new CatalogNode { Name = one.Service.Node, Address = one.Service.NodeAddress },
                Service = new AgentService
                {
                    Id = one.Service.Id, Name = one.Service.Name, Address = one.Service.Address, Port = one.Service.Port,
                    Tags = one.Service.Tags, Meta = one.Service.Meta,
                },
                Checks = one.Checks,
            });
        return ConsulReplyDraft.Of([.. instances], ConsulJson.Default.ListServiceHealth, data.CatalogIndex);
    }
}
