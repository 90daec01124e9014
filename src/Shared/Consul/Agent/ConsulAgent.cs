// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ClusterManager.Consul;

/// <summary>The agent that answers. Most of this works while no server can be reached.</summary>
public sealed class ConsulAgent
{
    // Such a call answers when the gossip has gone round, or when Consul gives that up (5 s when nobody is left to tell).
    private static readonly TimeSpan GossipTime = TimeSpan.FromSeconds(15);
    private readonly ConsulTransport _transport;

    internal ConsulAgent(ConsulTransport transport) => _transport = transport;

    /// <summary>Reads what the agent is.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<AgentSelf> GetSelfAsync(CancellationToken cancellation)
    {
        var self = await GetAsync("/v1/agent/self", ConsulJson.Default.AgentSelfJson, cancellation);
        return self.Config ?? throw new ConsulException(ConsulErrorKind.Protocol, "GET /v1/agent/self", 200, "the answer has no Config");
    }

    /// <summary>Reads settings that are in force, in Consul's own words; what this version does not show is missing.</summary>
    /// <param name="names">Which, for example GossipLANProbeInterval.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyDictionary<string, string>> GetSettingsAsync(IReadOnlyCollection<string> names,
        CancellationToken cancellation)
    {
        var all = (await GetAsync("/v1/agent/self", ConsulJson.Default.AgentSettingsJson, cancellation)).DebugConfig ?? [];
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        // From 1.10 on some stand one level deeper.
        foreach (var (key, value) in all.Concat(all.Values.Where(one => one.ValueKind == JsonValueKind.Object)
            .SelectMany(one => one.EnumerateObject().Select(inner => KeyValuePair.Create(inner.Name, inner.Value)))))
            if (names.Contains(key) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True
                or JsonValueKind.False) found.TryAdd(key, value.ToString());
        return found;
    }

    /// <summary>Reads the agent's own services, by id.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyDictionary<string, AgentService>> GetServicesAsync(CancellationToken cancellation) =>
        await GetAsync("/v1/agent/services", ConsulJson.Default.DictionaryStringAgentService, cancellation);

    /// <summary>Reads the agent's own checks, by id.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyDictionary<string, HealthCheck>> GetChecksAsync(CancellationToken cancellation) =>
        await GetAsync("/v1/agent/checks", ConsulJson.Default.DictionaryStringHealthCheck, cancellation);

    /// <summary>Reads the gossip pool as the agent sees it.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<AgentMember>> GetMembersAsync(CancellationToken cancellation) =>
        await GetAsync("/v1/agent/members", ConsulJson.Default.ListAgentMember, cancellation);

    /// <summary>Registers a service or replaces the one with its id; checks that the registration does not name are removed.</summary>
    /// <param name="service">The service.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task RegisterServiceAsync(ServiceRegistration service, CancellationToken cancellation)
    {
        var body = ServiceRegisterJson.From(service);
        return SendAsync(
            ConsulRequest.Put("/v1/agent/service/register", body, ConsulJson.Default.ServiceRegisterJson, "replace-existing-checks=true"),
            cancellation);
    }

    /// <summary>Removes a service and its checks; does nothing when the agent does not have it.</summary>
    /// <param name="serviceId">Its id.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task DeregisterServiceAsync(string serviceId, CancellationToken cancellation) =>
        RemoveAsync($"/v1/agent/service/deregister/{ConsulPath.Encode(serviceId)}", cancellation);

    /// <summary>
    /// Registers a check or replaces the one with its id; returns when the servers know it, so that a session may name it.
    /// </summary>
    /// <param name="check">The check.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task RegisterCheckAsync(TtlCheck check, CancellationToken cancellation)
    {
        var body = CheckRegisterJson.From(check, insideService: false);
        return SendAsync(ConsulRequest.Put("/v1/agent/check/register", body, ConsulJson.Default.CheckRegisterJson), cancellation);
    }

    /// <summary>Removes a check; does nothing when the agent does not have it.</summary>
    /// <param name="checkId">Its id.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task DeregisterCheckAsync(string checkId, CancellationToken cancellation) =>
        RemoveAsync($"/v1/agent/check/deregister/{ConsulPath.Encode(checkId)}", cancellation);

    /// <summary>Reports for a TTL check and starts its time anew.</summary>
    /// <param name="checkId">Its id.</param>
    /// <param name="status">Passing, warning or critical.</param>
    /// <param name="output">For people; Consul cuts it at 4 KiB.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ConsulException">Among others when the agent does not have the check: see <see cref="IsUnknownCheck"/>.</exception>
    public Task UpdateCheckAsync(string checkId, CheckStatus status, string output, CancellationToken cancellation)
    {
        var path = $"/v1/agent/check/update/{ConsulPath.Encode(checkId)}";
        return SendAsync(ConsulRequest.Put(path, new(status, output), ConsulJson.Default.CheckUpdateJson), cancellation);
    }

    /// <summary>True when <see cref="UpdateCheckAsync"/> failed because the agent lost the check: register again.</summary>
    /// <param name="error">The failure.</param>
    public static bool IsUnknownCheck(ConsulException error) =>
        // 404 from 1.9 on; before, 500 with these words.
        error.Kind == ConsulErrorKind.NotFound
        || error.Text.Contains("does not have associated TTL", StringComparison.Ordinal)
        || error.Text.Contains("Unknown check", StringComparison.Ordinal);

    /// <summary>Reads the configuration files again.</summary>
    /// <param name="cancellation">Gives up.</param>
    public Task ReloadAsync(CancellationToken cancellation) => SendAsync(ConsulRequest.Put("/v1/agent/reload"), cancellation);

    /// <summary>Makes the agent exchange all it knows of the pool with another member, which mends what gossip believes at once.</summary>
    /// <param name="address">The member's gossip address, <c>host:port</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ConsulException">Among others when the member does not answer.</exception>
    public Task JoinAsync(string address, CancellationToken cancellation) =>
        SendAsync(ConsulRequest.Put($"/v1/agent/join/{ConsulPath.Encode(address)}") with { Wait = GossipTime }, cancellation);

    /// <summary>Makes the agent say good-bye and end; a server leaves the quorum.</summary>
    /// <param name="cancellation">Gives up.</param>
    public Task LeaveAsync(CancellationToken cancellation) =>
        SendAsync(ConsulRequest.Put("/v1/agent/leave") with { Wait = GossipTime }, cancellation);

    /// <summary>
    /// Declares a failed member gone, so that the pool forgets it. Takes seconds, and can have to be repeated: a member that gossip
    /// still suspects only is not forgotten.
    /// </summary>
    /// <param name="node">Its node's name.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task ForceLeaveAsync(string node, CancellationToken cancellation) =>
        SendAsync(ConsulRequest.Put($"/v1/agent/force-leave/{ConsulPath.Encode(node)}", "prune") with { Wait = GossipTime }, cancellation);

    /// <summary>Changes one of the agent's own tokens, kept over restarts when its configuration says so.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="secret">The token's secret.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task SetTokenAsync(AgentTokenKind kind, string secret, CancellationToken cancellation)
    {
        var path = kind == AgentTokenKind.Default ? "/v1/agent/token/default" : "/v1/agent/token/agent";
        return SendAsync(ConsulRequest.Put(path, new(secret), ConsulJson.Default.AgentTokenJson), cancellation);
    }

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        _transport.CallAsync(ConsulRequest.Get(path, "", ReadOptions.Default), type, cancellation);

    private async Task SendAsync(ConsulRequest call, CancellationToken cancellation) => await _transport.CallAsync(call, cancellation);

    private async Task RemoveAsync(string path, CancellationToken cancellation)
    {
        var reply = await _transport.SendAsync(ConsulRequest.Put(path), cancellation);
        // What is not there is removed: 1.8 answers 200, later versions 404.
        if (!reply.IsSuccess && !reply.IsNotFound)
            throw reply.ToException();
    }
}
