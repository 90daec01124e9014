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

    /// <summary>
    /// A session bound to the node's health and to the TTL check of a service, as a manager makes it. Not to a check of the node:
    /// when that turned critical, it would hide every service of the node.
    /// </summary>
    public async Task<string> CreateSessionAsync(string checkId, TimeSpan ttl)
    {
        var check = new TtlCheck { Id = checkId, Ttl = ttl, InitialStatus = CheckStatus.Passing };
        var holder = new ServiceRegistration { Id = $"holder-{checkId}", Name = "holder", Checks = [check] };
        await Client.Agent.RegisterServiceAsync(holder, CancellationToken.None);
        var request = new SessionRequest { Name = checkId, ServiceChecks = [checkId] };
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
