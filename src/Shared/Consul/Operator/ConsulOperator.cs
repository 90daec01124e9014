// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>The servers' own quorum.</summary>
public sealed class ConsulOperator
{
    private readonly ConsulTransport _transport;

    internal ConsulOperator(ConsulTransport transport) => _transport = transport;

    /// <summary>Reads who belongs to the quorum. Needs <c>operator = "read"</c>.</summary>
    /// <param name="mode">How fresh; <see cref="ConsistencyMode.Stale"/> answers without a leader too.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<RaftServer>> GetRaftServersAsync(ConsistencyMode mode, CancellationToken cancellation)
    {
        var call = ConsulRequest.Get("/v1/operator/raft/configuration", "", new ReadOptions(mode));
        return (await _transport.CallAsync(call, ConsulJson.Default.RaftConfigurationJson, cancellation)).Servers;
    }

    /// <summary>Reads how the servers are. Needs <c>operator = "read"</c>.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <remarks>An unhealthy quorum is answered with 429 and the same content.</remarks>
    public async Task<AutopilotHealth> GetAutopilotHealthAsync(CancellationToken cancellation)
    {
        var reply = await _transport.SendAsync(ConsulRequest.Get("/v1/operator/autopilot/health", "", ReadOptions.Default), cancellation);
        return reply.IsSuccess || reply.Status == 429 ? reply.Read(ConsulJson.Default.AutopilotHealth) : throw reply.ToException();
    }

    /// <summary>Takes a server that is gone for good out of the quorum. Needs <c>operator = "write"</c>.</summary>
    /// <param name="serverId">Its <see cref="RaftServer.Id"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task RemoveRaftServerAsync(string serverId, CancellationToken cancellation) =>
        await _transport.CallAsync(
            ConsulRequest.Delete("/v1/operator/raft/peer", $"id={Uri.EscapeDataString(serverId)}"), cancellation);

    /// <summary>Reads the leader's address; empty when there is none. Needs no token.</summary>
    /// <param name="cancellation">Gives up.</param>
    public Task<string> GetLeaderAsync(CancellationToken cancellation) =>
        _transport.CallAsync(
            ConsulRequest.Get("/v1/status/leader", "", ReadOptions.Default), ConsulJson.Default.String, cancellation);

    /// <summary>Reads the addresses of the quorum's members. Needs no token.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<string>> GetPeersAsync(CancellationToken cancellation) =>
        await _transport.CallAsync(
            ConsulRequest.Get("/v1/status/peers", "", ReadOptions.Default), ConsulJson.Default.ListString, cancellation);
}
