// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;
using ClusterManager.Shared.Tests.Consul;

namespace ClusterManager.Shared.Tests.Hosting.Security;

/// <summary>A real Consul server starts with our certificate, elects itself over verified TLS, and shows it to clients.</summary>
[Trait("Category", "Real")]
public sealed class ConsulAcceptsCertificatesTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly ConsulCertificateAuthority _authority = ConsulCertificateAuthority.Create("c1", TimeProvider.System);
    private Process? _consul;

    public void Dispose()
    {
        _consul?.Kill();
        _consul?.WaitForExit();
        _consul?.Dispose();
        _authority.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Consul_runs_with_our_certificates_and_full_verification()
    {
        var httpsPort = await StartAsync();
        using var handler = new SocketsHttpHandler();
        var roots = TrustBundle.Parse(_authority.CertificatePem);
        // The base library's own judgement: chain, time, and the name localhost.
        handler.SslOptions.CertificateChainPolicy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(roots.Roots[0]);
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5) };

        var leader = "";
        var address = $"https://localhost:{httpsPort}/v1/status/leader";
        await Until.TrueAsync(() => TryGet(http, address, out leader), "Consul has a leader");

        Assert.Contains("127.0.0.1", leader);
    }

    private async Task<int> StartAsync()
    {
        var tools = Environment.GetEnvironmentVariable("CLUSTER_TOOLS") ?? "/var/cache/cluster-manager";
        var program = Path.Combine(tools, "consul", "consul");
        Assert.True(File.Exists(program), $"This test needs Consul at {program}.");
        using var pair = _authority.IssueServer("alpha", "dc1");
        await WriteAsync("ca.pem", _authority.CertificatePem);
        await WriteAsync("server.pem", pair.CertificatePem);
        await WriteAsync("server.key", pair.PrivateKeyPem.Reveal());
        var ports = FreePorts.Take(4);
        var configuration = $$"""
            { "server": true, "bootstrap_expect": 1, "bind_addr": "127.0.0.1", "node_name": "alpha",
              "data_dir": "{{_directory.File("data")}}",
              "ports": { "http": -1, "grpc": -1, "https": {{ports[0]}}, "dns": {{ports[1]}},
                         "server": {{ports[2]}}, "serf_lan": {{ports[3]}}, "serf_wan": -1 },
              "ca_file": "{{_directory.File("ca.pem")}}",
              "cert_file": "{{_directory.File("server.pem")}}", "key_file": "{{_directory.File("server.key")}}",
              "verify_incoming_rpc": true, "verify_outgoing": true, "verify_server_hostname": true,
              "performance": { "raft_multiplier": 1 } }
            """;
        await File.WriteAllTextAsync(_directory.File("consul.json"), configuration);
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = _directory.Path };
        foreach (var word in new[] { "-c", "exec \"$0\" agent -config-file=consul.json >log 2>&1", program }) start.ArgumentList.Add(word);
        _consul = Process.Start(start);
        return ports[0];
    }

    private Task WriteAsync(string name, string text) =>
        AtomicFile.WriteTextAsync(_directory.File(name), text, FileModes.Private, CancellationToken.None);

    private static bool TryGet(HttpClient http, string address, out string body)
    {
        body = "";
        try
        {
            using var response = http.Send(new HttpRequestMessage(HttpMethod.Get, address));
            using var reader = new StreamReader(response.Content.ReadAsStream());
            body = reader.ReadToEnd();
            return response.IsSuccessStatusCode && body.Contains(':');
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
