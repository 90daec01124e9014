// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>Services and nodes with what their checks say.</summary>
public sealed class ConsulHealth
{
    private readonly ConsulTransport _transport;

    internal ConsulHealth(ConsulTransport transport) => _transport = transport;

    /// <summary>Reads the instances of a service; empty when there is none.</summary>
    /// <param name="name">The service's name.</param>
    /// <param name="passingOnly">True leaves out every instance with a check that does not pass, as DNS does.</param>
    /// <param name="read">How fresh, and whether to wait for a change.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ConsulAnswer<IReadOnlyList<ServiceHealth>>> GetServiceAsync(
        string name, bool passingOnly, ReadOptions read, CancellationToken cancellation)
    {
        var answer = await _transport.QueryAsync(
            $"/v1/health/service/{ConsulPath.Encode(name)}", passingOnly ? "passing=1" : "", read,
            ConsulJson.Default.ListServiceHealth, cancellation);
        return new(answer.Value, answer.Index, answer.KnownLeader);
    }

    /// <summary>Reads all checks of a node and of its services.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="read">How fresh, and whether to wait for a change.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ConsulAnswer<IReadOnlyList<HealthCheck>>> GetNodeAsync(string node, ReadOptions read, CancellationToken cancellation) =>
        GetChecksAsync($"/v1/health/node/{ConsulPath.Encode(node)}", read, cancellation);

    /// <summary>Reads all checks of the datacenter that say one thing.</summary>
    /// <param name="status">What they say; null reads all.</param>
    /// <param name="read">How fresh, and whether to wait for a change.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ConsulAnswer<IReadOnlyList<HealthCheck>>> GetStateAsync(
        CheckStatus? status, ReadOptions read, CancellationToken cancellation) =>
        GetChecksAsync($"/v1/health/state/{(status is { } one ? CheckStatusConverter.ToWire(one) : "any")}", read, cancellation);

    /// <summary>Reads those checks of the datacenter, whatever they say, that a filter lets through on the server.</summary>
    /// <param name="filter">In Consul's words, such as <c>CheckID == "serfHealth"</c>; the caller escapes what it quotes.</param>
    /// <param name="read">How fresh, and whether to wait for a change (of any check: the filter does not hold back news).</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ConsulAnswer<IReadOnlyList<HealthCheck>>> GetFilteredAsync(
        string filter, ReadOptions read, CancellationToken cancellation) =>
        GetChecksAsync("/v1/health/state/any", read, cancellation, $"filter={Uri.EscapeDataString(filter)}");

    private async Task<ConsulAnswer<IReadOnlyList<HealthCheck>>> GetChecksAsync(
        string path, ReadOptions read, CancellationToken cancellation, string query = "")
    {
        var answer = await _transport.QueryAsync(path, query, read, ConsulJson.Default.ListHealthCheck, cancellation);
        return new(answer.Value, answer.Index, answer.KnownLeader);
    }
}
