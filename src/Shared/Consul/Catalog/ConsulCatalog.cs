// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>Nodes and services as the servers know them, whatever their health.</summary>
public sealed class ConsulCatalog
{
    private readonly ConsulTransport _transport;

    internal ConsulCatalog(ConsulTransport transport) => _transport = transport;

    /// <summary>Reads all nodes.</summary>
    /// <param name="read">How fresh, and whether to wait for a change.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ConsulAnswer<IReadOnlyList<CatalogNode>>> GetNodesAsync(ReadOptions read, CancellationToken cancellation)
    {
        var answer = await _transport.QueryAsync("/v1/catalog/nodes", "", read, ConsulJson.Default.ListCatalogNode, cancellation);
        return new(answer.Value, answer.Index, answer.KnownLeader);
    }

    /// <summary>Reads the names of all services with all tags that their instances carry.</summary>
    /// <param name="read">How fresh, and whether to wait for a change.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ConsulAnswer<IReadOnlyDictionary<string, IReadOnlyList<string>>>> GetServicesAsync(
        ReadOptions read, CancellationToken cancellation)
    {
        var answer = await _transport.QueryAsync(
            "/v1/catalog/services", "", read, ConsulJson.Default.DictionaryStringIReadOnlyListString, cancellation);
        return new(answer.Value, answer.Index, answer.KnownLeader);
    }

    /// <summary>Reads the instances of a service; empty when there is none.</summary>
    /// <param name="name">The service's name.</param>
    /// <param name="read">How fresh, and whether to wait for a change.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ConsulAnswer<IReadOnlyList<CatalogService>>> GetServiceAsync(
        string name, ReadOptions read, CancellationToken cancellation)
    {
        var answer = await _transport.QueryAsync(
            $"/v1/catalog/service/{ConsulPath.Encode(name)}", "", read, ConsulJson.Default.ListCatalogService, cancellation);
        return new(answer.Value, answer.Index, answer.KnownLeader);
    }

    /// <summary>
    /// Removes a node, or one service of it, from the catalog. For what has no living agent: an agent registers its own again.
    /// A leader uses <see cref="TransactionOperation.DeleteService"/> under its fence instead.
    /// </summary>
    /// <param name="node">The node's name.</param>
    /// <param name="serviceId">The service to remove; null removes the node with everything on it.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task DeregisterAsync(string node, string? serviceId, CancellationToken cancellation)
    {
        var call = ConsulRequest.Put("/v1/catalog/deregister", new(node, serviceId), ConsulJson.Default.CatalogDeregisterJson);
        await _transport.CallAsync(call, cancellation);
    }
}
