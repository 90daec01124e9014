// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;

namespace ClusterManager.Shared.Tests.Consul;

/// <summary>One open Consul server for all tests that need no more; each test keeps to keys and names of its own.</summary>
public sealed class SingleConsulFixture : IAsyncLifetime
{
    public const string Collection = "single consul";
    public const string NodeName = "single";
    private ConsulProcess? _process;
    private ConsulClient? _client;

    public ConsulClient Client => _client!;

    public Task InitializeAsync()
    {
        _process = ConsulProcess.StartServer(NodeName);
        _client = _process.CreateClient();
        return _process.WaitReadyAsync();
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
    }

    /// <summary>A session bound to the node's health and to a TTL check of its own, as a manager makes it.</summary>
    public async Task<string> CreateSessionAsync(string checkId, TimeSpan ttl)
    {
        var check = new TtlCheck { Id = checkId, Ttl = ttl, InitialStatus = CheckStatus.Passing };
        await Client.Agent.RegisterCheckAsync(check, CancellationToken.None);
        var request = new SessionRequest { Name = checkId, NodeChecks = ["serfHealth", checkId] };
        var session = "";
        // A server that has just elected itself registers its own serfHealth a moment later.
        await Until.TrueAsync("a session can be made", TimeSpan.FromSeconds(10), async () =>
        {
            try
            {
                session = await Client.Sessions.CreateAsync(request, CancellationToken.None);
                return true;
            }
            catch (ConsulException error) when (error.Text.Contains("Missing check", StringComparison.Ordinal))
            {
                return false;
            }
        });
        return session;
    }
}

[CollectionDefinition(SingleConsulFixture.Collection)]
public sealed class SingleConsulCollection : ICollectionFixture<SingleConsulFixture>;
