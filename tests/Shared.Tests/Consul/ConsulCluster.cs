// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Consul.Provisioning;

namespace ClusterManager.Shared.Tests.Consul;

/// <summary>Three servers on loopback, all voting.</summary>
public sealed class ConsulCluster : IAsyncDisposable
{
    private readonly List<ConsulProcess> _servers = [];

    public IReadOnlyList<ConsulProcess> Servers => _servers;

    public static async Task<ConsulCluster> StartAsync(string prefix)
    {
        var cluster = new ConsulCluster();
        for (var i = 1; i <= 3; i++)
        {
            cluster._servers.Add(ConsulProcess.Start($"{prefix}{i}", options => options with
            {
                IsServer = true,
                BootstrapExpect = 3,
                RetryJoin = i == 1 ? [] : [cluster._servers[0].SerfAddress],
            }));
        }

        foreach (var server in cluster._servers)
            await server.WaitReadyAsync(new ReadinessRequest { Voters = [.. cluster._servers.Select(other => other.Options.NodeName)] });
        return cluster;
    }

    public async Task<ConsulProcess> FindLeaderAsync()
    {
        using var client = _servers[0].CreateClient();
        var leader = (await client.Operator.GetRaftServersAsync(ConsistencyMode.Default, default)).Single(server => server.Leader);
        return _servers.Single(server => server.Options.NodeName == leader.Node);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
    }
}
