// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Shared.Tests.Consul;

namespace ClusterManager.Simulation.Tests.Contract;

/// <summary>The contract, kept by a real Consul.</summary>
[Collection(RealConsulFixture.Collection)]
[Trait("Category", "Real")]
public sealed class RealConsulTests(RealConsulFixture fixture) : ConsulContractTests
{
    internal override Task WithAsync(Func<ConsulBackend, Task> story) => story(new ConsulBackend(fixture.Client, RealConsulFixture.Node));
}

/// <summary>The contract's second part, kept by a real Consul.</summary>
[Collection(RealConsulFixture.Collection)]
[Trait("Category", "Real")]
public sealed class RealConsulWaitingTests(RealConsulFixture fixture) : ConsulWaitingContractTests
{
    internal override Task WithAsync(Func<ConsulBackend, Task> story) => story(new ConsulBackend(fixture.Client, RealConsulFixture.Node));
}

/// <summary>One Consul for the whole contract.</summary>
public sealed class RealConsulFixture : IAsyncLifetime
{
    public const string Collection = "real consul";
    public const string Node = "contract";
    private ConsulProcess? _process;
    private ConsulClient? _client;

    internal ConsulClient Client => _client!;

    public Task InitializeAsync()
    {
        _process = ConsulProcess.StartServer(Node);
        _client = _process.CreateClient();
        return _process.WaitReadyAsync();
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        if (_process is not null) await _process.DisposeAsync();
    }
}

[CollectionDefinition(RealConsulFixture.Collection)]
public sealed class RealConsulCollection : ICollectionFixture<RealConsulFixture>;
