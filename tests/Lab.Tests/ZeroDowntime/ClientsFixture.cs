// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.ZeroDowntime;

/// <summary>
/// Three hosts, each with a manager and a Consul server, and a fourth one for the clients, where no replica runs: the load generator,
/// and an HAProxy fed by the host's Consul. Two services stand on it, on servers that drop all their connections as soon as they get the
/// stop signal: what the containers do for their callers on their own would hide what the cluster leaves undone.
/// </summary>
public sealed class ClientsFixture() : ThreeManagersLab(0, 4)
{
    /// <summary>The host of the clients.</summary>
    public const string Clients = "h4";

    private Haproxy? _proxy;

    /// <summary>The service of several replicas, and the one of a single replica.</summary>
    public static IReadOnlyList<string> Services { get; } = ["web", "solo"];

    /// <summary>Where the clients reach a service through the proxy.</summary>
    public static string ProxyOf(string service) => $"127.0.0.1:{8080 + Services.ToList().IndexOf(service)}";

    /// <inheritdoc/>
    protected override async Task BeginAsync()
    {
        await base.BeginAsync();
        (await Lab.ClusterAsync($"node pause {Clients}")).Expect(0);
        _proxy = await Haproxy.StartAsync(Lab, Clients, Services.Select(service => (service, ProxyOf(service))));
    }

    /// <summary>The proxy leads to each of these services.</summary>
    public Task ProxyLeadsAsync() => _proxy!.LeadsAsync();

    /// <summary>What the proxy counted since its start.</summary>
    public Task<IReadOnlyList<string>> ProxyFiguresAsync() => _proxy!.FiguresAsync();

    /// <inheritdoc/>
    protected override async Task EndAsync()
    {
        if (_proxy is { } proxy) await proxy.DisposeAsync();
    }
}

/// <summary>Tests that share <see cref="ClientsFixture"/>; nothing else runs meanwhile: an answer that comes late counts.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WithClients : ICollectionFixture<ClientsFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "three managers and clients";
}
