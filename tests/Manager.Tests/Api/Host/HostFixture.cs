// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net;
using ClusterManager.Consul;
using ClusterManager.Consul.Provisioning;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Hosting;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Shared.Tests.Consul;
using Grpc.Net.Client;

namespace ClusterManager.Manager.Tests.Api.Host;

/// <summary>
/// A whole manager: its own process's graph on a real port, over a real Consul with access control, with real certificates.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes it by IAsyncLifetime.")]
public class HostFixture : IAsyncLifetime
{
    private static readonly string Cluster = States.Cluster.ToString();
    private readonly CancellationTokenSource _stop = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cm-host-");

    // As old as a cluster may be, so that it could have issued what has expired by now.
    private readonly ClusterCertificateAuthority _authority =
        ClusterCertificateAuthority.Create(Cluster, new PastTime(TimeSpan.FromDays(3000)));

    private readonly string _management = Guid.NewGuid().ToString();
    private readonly int _port = FreePorts.Take(1)[0];
    private readonly int _metricsPort = FreePorts.Take(1)[0];
    private ConsulProcess? _consul;
    private ManagerHost? _host;
    private Task _running = Task.CompletedTask;

    /// <summary>Where the API is.</summary>
    public Uri Address => new($"https://127.0.0.1:{_port}");

    /// <summary>Where metrics are served without TLS.</summary>
    public Uri MetricsAddress => new($"http://127.0.0.1:{_metricsPort}");

    /// <summary>The manager's data directory.</summary>
    public ClusterPaths Paths => new(_directory.FullName);

    /// <summary>The roots that the manager is to show.</summary>
    public string CaPem => _authority.CertificatePem;

    internal ListLog Log { get; } = new();

    /// <summary>How long ago the manager's certificate was issued.</summary>
    protected virtual TimeSpan CertificateAge => default;

    public async Task InitializeAsync()
    {
        _consul =
            ConsulProcess.StartServer("mgrhost", options => options with { Acl = new ConsulAgentAcl(InitialManagementToken: _management) });
        await _consul.WaitReadyAsync(new ReadinessRequest { NeedsAcl = true }, _management);
        var paths = new ClusterPaths(_directory.FullName);
        paths.CreateDirectories();
        await WriteFilesAsync(paths, await ProvisionAsync());
        var settings = await ManagerSettings.LoadAsync(paths, _port, CancellationToken.None);
        _host = new ManagerHost(settings with { MetricsAddress = IPEndPoint.Parse(MetricsAddress.Authority) }, Log);
        _running = _host.RunAsync(_stop.Token);
        await Until.TrueAsync("the manager leads", TimeSpan.FromSeconds(30), IsReadyAsync, () => Log.Text);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(20));
        if (_host is not null) await _host.DisposeAsync();
        if (_consul is not null) await _consul.DisposeAsync();
        _authority.Dispose();
        _stop.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>A certificate of this cluster; with an age, as it was issued that long ago.</summary>
    public CertificateWithKey Certify(PeerRole role, string id, TimeSpan ago = default)
    {
        using var then = ClusterCertificateAuthority.Load(Cluster, CaPem, _authority.ExportPrivateKeyPem(), new PastTime(ago));
        return then.IssueWithKey(new PeerIdentity(role, id, Cluster), role == PeerRole.Manager ? ["localhost", "127.0.0.1"] : []);
    }

    /// <summary>A channel with this certificate; null: anonymous.</summary>
    public GrpcChannel Connect(CertificateWithKey? certificate, int? maxSendMessageSize = null)
    {
        var validator = new PeerValidator(Cluster, () => _authority.Trust, TimeProvider.System);
        return GrpcChannel.ForAddress(Address, new GrpcChannelOptions
        {
            MaxSendMessageSize = maxSendMessageSize,
            SslOptions = certificate is null ? ClusterTls.BootstrapOptions("127.0.0.1")
                : ClusterTls.ClientOptions("127.0.0.1", new CertificateHolder(certificate), validator),
        });
    }

    public GrpcChannel ConnectOperator() => Connect(Certify(PeerRole.Operator, "olga"));

    /// <summary>The real Consul, with all rights.</summary>
    public ConsulClient ConnectConsul() => _consul!.CreateClient(_management);

    /// <summary>Plain HTTP over TLS, with a certificate or without.</summary>
    public HttpClient CreateHttp(CertificateWithKey? certificate = null)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        if (certificate is not null) handler.SslOptions.ClientCertificates = [certificate.Certificate];
        return new HttpClient(handler) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(10) };
    }

    private async Task<bool> IsReadyAsync()
    {
        if (_running.IsFaulted) await _running;
        using var http = CreateHttp();
        try
        {
            return (await http.GetAsync("/readyz")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<string> ProvisionAsync()
    {
        using var management = _consul!.CreateClient(_management);
        var acl = new ConsulAcl(management);
        await acl.EnsureAsync(CancellationToken.None);
        var server = await acl.EnsureNodeTokenAsync("mgrhost", null, CancellationToken.None);
        await management.Agent.SetTokenAsync(AgentTokenKind.Agent, server.SecretId!, CancellationToken.None);
        return (await acl.EnsureManagerTokenAsync("mgrhost", null, CancellationToken.None)).SecretId!;
    }

    private async Task WriteFilesAsync(ClusterPaths paths, string token)
    {
        var id = ModelCluster.Id(1).ToString();
        await Certify(PeerRole.Manager, id, CertificateAge).SaveAsync(paths.ManagerCertificate, CancellationToken.None);
        await ClusterKey.Create().SaveAsync(paths.ClusterKey, CancellationToken.None);
        await File.WriteAllTextAsync(paths.TrustedRoots, CaPem);
        await File.WriteAllTextAsync(paths.ManagerConsulToken, token);
        await NodeFile.At(paths).WriteAsync(
            new NodeFile
            {
                ClusterId = Cluster, Incarnation = 1, NodeId = id, NodeName = "mgrhost", AdvertiseAddress = "127.0.0.1",
                Roles = [NodeRole.Manager], ManagerAddresses = [$"127.0.0.1:{_port}"],
                Consul = new NodeConsulSettings { HttpAddress = _consul!.HttpAddress.ToString() },
            },
            CancellationToken.None);
        await BootstrapFile.At(paths).WriteAsync(
            new BootstrapFile
            {
                ClusterName = "test", CaCertificatePem = CaPem, CaKeyPem = _authority.ExportPrivateKeyPem().Reveal(),
                GossipKey = GossipKey.Create(), ConsulManagementToken = _management,
            },
            CancellationToken.None);
    }
}
