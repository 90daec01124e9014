// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;

namespace ClusterManager.Simulation.Tests.Contract;

/// <summary>The real client of one Consul or the other, with what the contract's stories share. Time is the Consul's own.</summary>
internal sealed class ConsulBackend(ConsulClient client, string node)
{
    public string Node => node;

    public TimeProvider Time => client.Time;

    public ConsulKv Kv => client.Kv;

    public ConsulSessions Sessions => client.Sessions;

    public ConsulAgent Agent => client.Agent;

    public ConsulCatalog Catalog => client.Catalog;

    public ConsulHealth Health => client.Health;

    public Task<ConsulAnswer<KvEntry?>> GetAsync(string key) => client.Kv.GetAsync(key, ReadOptions.Consistent, default);

    public Task<TransactionResult> CommitAsync(params TransactionOperation[] operations) =>
        client.Transactions.CommitAsync(operations, ConsistencyMode.Consistent, default);

    public Task PauseAsync(TimeSpan span) => Task.Delay(span, Time);

    /// <summary>A service of one check, both named after it.</summary>
    public Task RegisterAsync(string check, CheckStatus status, TimeSpan? ttl = null) => client.Agent.RegisterServiceAsync(
        new ServiceRegistration
        {
            Id = $"holder-{check}", Name = $"holder-{check}", Port = 1,
            Checks = [new TtlCheck { Id = check, Ttl = ttl ?? TimeSpan.FromMinutes(1), InitialStatus = status }],
        }, default);

    /// <summary>A session as a manager makes it.</summary>
    public async Task<string> SessionAsync(string check, TimeSpan? ttl = null)
    {
        await RegisterAsync(check, CheckStatus.Passing, ttl);
        var session = "";
        // A server that has just elected itself registers its own serfHealth a moment later.
        await UntilAsync(async () =>
        {
            try
            {
                session = await client.Sessions.CreateAsync(new SessionRequest { Name = check, ServiceChecks = [check] }, default);
                return true;
            }
            catch (ConsulException error) when (error.Text.Contains("Missing check", StringComparison.Ordinal))
            {
                return false;
            }
        });
        return session;
    }

    /// <summary>A session that holds the lock.</summary>
    public async Task<string> HoldAsync(string key, string check)
    {
        var session = await SessionAsync(check);
        Assert.True(await client.Kv.AcquireAsync(key, new byte[] { 1 }, session, default));
        return session;
    }

    /// <summary>Within some seconds.</summary>
    public async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var began = Time.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(Time.GetElapsedTime(began) < TimeSpan.FromSeconds(10), "it is not so within 10 s");
            await PauseAsync(TimeSpan.FromMilliseconds(20));
        }
    }
}
