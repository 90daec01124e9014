// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClusterManager.Shared.Tests.Grpc;

/// <summary>TLS, client certificates, and one port for HTTP/1.1 and HTTP/2.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task Server_sees_the_certificate_of_the_client()
    {
        using var serverCertificate = Certificates.Create("server");
        using var clientCertificate = Certificates.Create("agent-7");
        var names = new List<string?>();
        var service = new CertificateService(names);
        await using var server = await GrpcServer.StartTlsAsync(Echo.BindService(service), serverCertificate);
        using var channel = server.CreateChannel(new GrpcChannelOptions { SslOptions = Trusting(serverCertificate, clientCertificate) });

        await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest()).ResponseAsync.SoonAsync();

        Assert.Equal(["CN=agent-7"], names);
    }

    [Fact]
    public async Task Call_without_a_client_certificate_is_served_and_shows_none()
    {
        using var serverCertificate = Certificates.Create("server");
        var names = new List<string?>();
        await using var server = await GrpcServer.StartTlsAsync(Echo.BindService(new CertificateService(names)), serverCertificate);
        using var channel = server.CreateChannel(new GrpcChannelOptions { SslOptions = Trusting(serverCertificate, null) });

        await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest()).ResponseAsync.SoonAsync();

        Assert.Equal([null], names);
    }

    [Fact]
    public async Task Server_that_the_client_does_not_trust_is_unavailable()
    {
        using var serverCertificate = Certificates.Create("server");
        using var otherCertificate = Certificates.Create("other");
        await using var server = await GrpcServer.StartTlsAsync(Echo.BindService(new EchoService()), serverCertificate);
        using var channel = server.CreateChannel(new GrpcChannelOptions { SslOptions = Trusting(otherCertificate, null) });

        await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest()).ResponseAsync.FailsAsync(StatusCode.Unavailable);
    }

    [Fact]
    public async Task One_port_serves_grpc_and_http_1_pages()
    {
        using var serverCertificate = Certificates.Create("server");
        await using var server = await GrpcServer.StartTlsAsync(Echo.BindService(new EchoService()), serverCertificate);
        using var channel = server.CreateChannel(new GrpcChannelOptions { SslOptions = Trusting(serverCertificate, null) });
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = Trusting(serverCertificate, null) });

        await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest()).ResponseAsync.SoonAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/page")) { Version = HttpVersion.Version11 };
        using var page = await http.SendAsync(request).SoonAsync();

        Assert.Equal(HttpVersion.Version11, page.Version);
        Assert.Equal("a page", await page.Content.ReadAsStringAsync());
    }

    private static SslClientAuthenticationOptions Trusting(X509Certificate2 server, X509Certificate2? client) => new()
    {
        ClientCertificates = client is null ? null : [client],
        RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == server.GetCertHashString(),
    };

    private sealed class CertificateService(List<string?> names) : Echo.EchoBase
    {
        public override async Task<EchoReply> Unary(EchoRequest request, ServerCallContext context)
        {
            var certificate = await context.GetHttpContext().Connection.GetClientCertificateAsync(context.CancellationToken);
            names.Add(certificate?.Subject);
            return new EchoReply();
        }
    }
}
