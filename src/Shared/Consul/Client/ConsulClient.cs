// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ClusterManager.Consul;

/// <summary>
/// Consul's HTTP API, as far as the cluster uses it: one instance per agent and identity, thread-safe, kept for the life of the
/// process. Calls do not retry: the caller knows what is idempotent.
/// </summary>
/// <remarks>
/// Unless said otherwise every call throws <see cref="ConsulException"/> when it fails, and
/// <see cref="OperationCanceledException"/> only when the caller's own token is cancelled.
/// </remarks>
public sealed class ConsulClient : IDisposable
{
    private readonly ConsulTransport _transport;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="options">How to reach the agent.</param>
    /// <param name="handler">Sends the requests in place of a socket, for tests; disposed with the client. Null opens sockets.</param>
    public ConsulClient(ConsulClientOptions options, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _transport = new ConsulTransport(options, new HttpMessageInvoker(handler ?? CreateHandler(options)));
        Kv = new ConsulKv(_transport);
        Transactions = new ConsulTransactions(_transport);
        Sessions = new ConsulSessions(_transport);
        Agent = new ConsulAgent(_transport);
        Catalog = new ConsulCatalog(_transport);
        Health = new ConsulHealth(_transport);
        Acl = new ConsulAclApi(_transport);
        Operator = new ConsulOperator(_transport);
    }

    /// <summary>The clock the client was made with.</summary>
    public TimeProvider Time => _transport.Options.Time;

    /// <summary>Keys and values.</summary>
    public ConsulKv Kv { get; }

    /// <summary>All-or-nothing changes with conditions: the only way the cluster's state is written.</summary>
    public ConsulTransactions Transactions { get; }

    /// <summary>Sessions, which hold locks.</summary>
    public ConsulSessions Sessions { get; }

    /// <summary>The agent that answers: itself, its services and checks, its members.</summary>
    public ConsulAgent Agent { get; }

    /// <summary>Nodes and services as the servers know them.</summary>
    public ConsulCatalog Catalog { get; }

    /// <summary>Services and nodes with their checks.</summary>
    public ConsulHealth Health { get; }

    /// <summary>Policies and tokens.</summary>
    public ConsulAclApi Acl { get; }

    /// <summary>The servers' own quorum.</summary>
    public ConsulOperator Operator { get; }

    /// <summary>Closes the connections; calls under way fail.</summary>
    public void Dispose() => _transport.Dispose();

    private static SocketsHttpHandler CreateHandler(ConsulClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            // The agent is on this machine: a proxy from the environment must not come between.
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            // Consul accepts 200 connections per address by default (limits.http_max_conns_per_client), shared by all clients here.
            MaxConnectionsPerServer = 64,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        };
        if (options.Tls is { } tls)
            Configure(handler.SslOptions, tls);
        return handler;
    }

    private static void Configure(SslClientAuthenticationOptions ssl, ConsulTlsOptions tls)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(tls.TrustedRoots);
        ssl.CertificateChainPolicy = policy;
        if (tls.ClientCertificate is { } certificate)
            ssl.ClientCertificates = [certificate];
    }
}
