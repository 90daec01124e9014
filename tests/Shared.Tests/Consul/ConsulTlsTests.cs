// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterManager.Consul;

namespace ClusterManager.Shared.Tests.Consul;

/// <summary>An agent that is reached by https: a Consul that was there before the cluster.</summary>
public sealed class ConsulTlsTests
{
    [Fact]
    public async Task An_agent_signed_by_a_trusted_root_is_trusted_and_no_other()
    {
        using var trusted = TestCertificates.Create("Trusted CA");
        using var other = TestCertificates.Create("Other CA");

        Assert.Equal("127.0.0.1:8300", await AskAsync(trusted, "localhost", trusted));
        // Two roots, as while one is rotated.
        Assert.Equal("127.0.0.1:8300", await AskAsync(trusted, "localhost", other, trusted));

        var stranger = await Assert.ThrowsAsync<ConsulException>(() => AskAsync(other, "localhost", trusted));
        Assert.Equal(ConsulErrorKind.Unreachable, stranger.Kind);
        Assert.Contains("TLS", stranger.Message, StringComparison.Ordinal);
        var misnamed = await Assert.ThrowsAsync<ConsulException>(() => AskAsync(trusted, "elsewhere", trusted));
        Assert.Contains("TLS", misnamed.Message, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(TestCertificates signer, string name, params TestCertificates[] roots)
    {
        var (certificateFile, keyFile) = signer.CreateServer(name);
        using var pem = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        using var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var trusted = new X509Certificate2Collection();
        foreach (var root in roots)
            trusted.ImportFromPemFile(root.CaFile);
        using var client = new ConsulClient(new ConsulClientOptions
        {
            Address = new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}"),
            Tls = new ConsulTlsOptions { TrustedRoots = trusted },
        });

        var serving = ServeOnceAsync(listener, certificate);
        var asking = client.Operator.GetLeaderAsync(default);
        await serving;
        return await asking;
    }

    private static async Task ServeOnceAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var socket = await listener.AcceptTcpClientAsync();
        await using var tls = new SslStream(socket.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(certificate);
            await tls.ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false);
            const string answer = "HTTP/1.1 200 OK\r\nContent-Length: 16\r\nConnection: close\r\n\r\n\"127.0.0.1:8300\"";
            await tls.WriteAsync(Encoding.ASCII.GetBytes(answer));
        }
        catch (Exception error) when (error is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client hung up: that is what half of this test is about.
        }
    }
}
