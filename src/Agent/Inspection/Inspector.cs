// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Discovery;
using ClusterManager.Agent.Node;
using ClusterManager.Agent.Session;
using ClusterManager.Agent.Telemetry;
using ClusterManager.Hosting.Security;
using ClusterManager.Wire.V1;
using Report = ClusterManager.Wire.V1.Inspection;

namespace ClusterManager.Agent.Inspection;

/// <summary>Asks the engine's watch, Consul, the disks, the certificates, the name servers and other machines' ports.</summary>
/// <param name="configuration">Where everything lies.</param>
/// <param name="runners">Network and clock.</param>
/// <param name="engine">How the engine is.</param>
/// <param name="certificate">The node's certificate.</param>
/// <param name="consul">Looks at the node's Consul.</param>
internal sealed class Inspector(
    AgentConfiguration configuration, RunnerContext runners, EngineWatch engine, CertificateHolder certificate, ConsulInspector consul)
    : IInspector
{
    private const int TargetsMax = 32;

    // Consul knows itself by this name; it is answered on every node of a cluster with a server.
    private const string KnownName = "consul.service.consul";
    private const string ForwardFile = "/proc/sys/net/ipv4/ip_forward";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task<Report> InspectAsync(InspectRequest request, CancellationToken cancellationToken)
    {
        var report = new Report { Request = request.Request, ReceivedUnixMs = UnixMs() };
        using var limit = new CancellationTokenSource(Patience, runners.Clock.Provider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var asked = consul.InspectAsync(either.Token);
        var names = Task.WhenAll(NameServers().Select(one => AskNameAsync(one.Role, one.Server, either.Token)));
        var ports = Task.WhenAll(request.TcpTargets.Take(TargetsMax).Select(target => ConnectAsync(target, either.Token)));
        Describe(report);
        report.Consul = await asked;
        report.Names.AddRange(await names);
        report.Tcp.AddRange(await ports);
        cancellationToken.ThrowIfCancellationRequested();
        report.AnsweredUnixMs = UnixMs();
        return report;
    }

    private long UnixMs() => runners.Clock.Provider.GetUtcNow().ToUnixTimeMilliseconds();

    private void Describe(Report report)
    {
        var status = engine.Status.Current;
        report.Facts = NodeDescription.Of(runners.Node, status).ToWire();
        report.EngineUp = status.IsUp;
        report.EngineProblem = status.IsUp ? "" : status.Problem;
        AddDisk(report, "data", configuration.Paths.Root);
        if (status.Info?.DataRoot is { Length: > 0 } root) AddDisk(report, "docker", root);
        report.Certificates.Add(Certificate("node", certificate.Current.NotAfter));
        foreach (var (role, path) in CertificateFiles())
            if (CertificateFile.EndOf(path) is { } end) report.Certificates.Add(Certificate(role, end));
        report.IpForward = !File.Exists(ForwardFile) || File.ReadAllText(ForwardFile).Trim() != "0";
    }

    private IEnumerable<(string Role, string Path)> CertificateFiles() =>
    [
        ("manager", configuration.Paths.ManagerCertificate),
        ("consul", Path.Combine(configuration.Paths.ConsulDirectory, "server.pem")),
    ];

    private static void AddDisk(Report report, string role, string path)
    {
        if (DiskSpace.At(path) is not { } disk) return;
        report.Disks.Add(new DiskInspection { Role = role, Path = path, FreeBytes = disk.FreeBytes, SizeBytes = disk.SizeBytes });
    }

    private static CertificateInspection Certificate(string role, DateTime notAfter) =>
        new() { Role = role, NotAfterUnixMs = new DateTimeOffset(notAfter.ToUniversalTime()).ToUnixTimeMilliseconds() };

    // With a Consul that is not ours, names are not led to it either.
    private IEnumerable<(string Role, IPEndPoint Server)> NameServers()
    {
        if (configuration.File.Consul.IsExternal) yield break;
        yield return ("consul", new IPEndPoint(IPAddress.Parse(NameForwarding.DnsAddress), configuration.File.Consul.DnsPort));
        if (IPAddress.TryParse(runners.Network.Gateway, out var gateway)) yield return ("containers", new IPEndPoint(gateway, 53));
    }

    private static async Task<NameInspection> AskNameAsync(string role, IPEndPoint server, CancellationToken cancellationToken)
    {
        var problem = await OrTimeoutAsync(() => DnsProbe.AskAsync(server, KnownName, cancellationToken), cancellationToken);
        return new NameInspection { Role = role, Server = server.ToString(), Problem = problem ?? "" };
    }

    private static async Task<TcpInspection> ConnectAsync(string target, CancellationToken cancellationToken)
    {
        var problem = await OrTimeoutAsync(() => TryConnectAsync(target, cancellationToken), cancellationToken);
        return new TcpInspection { Target = target, Problem = problem ?? "" };
    }

    private static async Task<string?> TryConnectAsync(string target, CancellationToken cancellationToken)
    {
        if (!IPEndPoint.TryParse(target, out var address)) return "is no address";
        using var client = new TcpClient(address.AddressFamily);
        try
        {
            await client.ConnectAsync(address, cancellationToken);
            return null;
        }
        catch (SocketException error)
        {
            return error.Message;
        }
    }

    private static async Task<string?> OrTimeoutAsync(Func<Task<string?>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds:0} s";
        }
    }
}
