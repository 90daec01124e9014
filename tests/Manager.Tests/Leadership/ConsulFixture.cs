// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Manager.Persistence;
using ClusterManager.Shared.Tests.Consul;

namespace ClusterManager.Manager.Tests.Leadership;

/// <summary>One real Consul server; each test begins with no cluster in it.</summary>
public sealed class ConsulFixture : IAsyncLifetime
{
    private ConsulProcess? _process;

    public ConsulClient Client { get; private set; } = null!;

    public Uri Address => _process!.HttpAddress;

    public async Task InitializeAsync()
    {
        _process = ConsulProcess.StartServer("mgrtests");
        Client = _process.CreateClient();
        await _process.WaitReadyAsync();
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        if (_process is not null) await _process.DisposeAsync();
    }

    /// <summary>Empties the state.</summary>
    public async Task ClearAsync() => Assert.IsType<TransactionResult.Committed>(
        await Client.Transactions.CommitAsync([TransactionOperation.DeleteTree(StateKeys.Root)], ConsistencyMode.Default,
            CancellationToken.None));

    /// <summary>The index of a key's last change; 0: there is none.</summary>
    public async Task<ulong> IndexOfAsync(string key) =>
        (await Client.Kv.GetAsync(key, ReadOptions.Consistent, CancellationToken.None)).Value?.ModifyIndex ?? 0;
}
