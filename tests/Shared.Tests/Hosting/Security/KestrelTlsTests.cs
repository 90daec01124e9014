// SPDX-License-Identifier: Apache-2.0
using System.Net;
using ClusterManager.Hosting.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Shared.Tests.Hosting.Security;

/// <summary>The manager's port as it is meant to be set up: Kestrel on one side, <see cref="SocketsHttpHandler"/> on the other.</summary>
public sealed class KestrelTlsTests : IDisposable
{
    private const string Cluster = "c1";
    private static readonly PeerIdentity Node = new(PeerRole.Node, "node-7", Cluster);
    // Eight days ago: what it issued then has run out since.
    private readonly ManualTime _issuingTime = new(TimeProvider.System.GetUtcNow().AddDays(-8));
    private readonly ClusterCertificateAuthority _authority;
    private readonly PeerValidator _validator;
    private readonly CertificateHolder _expired;
    private readonly CertificateHolder _manager;

    public KestrelTlsTests()
    {
        _authority = ClusterCertificateAuthority.Create(Cluster, _issuingTime);
        _validator = new PeerValidator(Cluster, () => _authority.Trust, TimeProvider.System);
        _expired = new CertificateHolder(_authority.IssueWithKey(Node, []));
        _issuingTime.Now = TimeProvider.System.GetUtcNow();
        _manager = new CertificateHolder(_authority.IssueWithKey(new PeerIdentity(PeerRole.Manager, "m1", Cluster), ["127.0.0.1"]));
    }

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Server_knows_who_calls_over_both_versions_of_http()
    {
        var node = new CertificateHolder(_authority.IssueWithKey(Node, []));
        Assert.Equal("Trusted node-7 HTTP/2", await CallAsync(node, HttpVersion.Version20));
        Assert.Equal("Trusted node-7 HTTP/1.1", await CallAsync(node, HttpVersion.Version11));
        Assert.Equal("Absent  HTTP/2", await CallAsync(null, HttpVersion.Version20));
    }

    [Fact]
    public async Task Expired_node_reaches_the_server_which_sees_that_it_expired() =>
        Assert.Equal("Expired node-7 HTTP/2", await CallAsync(_expired, HttpVersion.Version20));

    private async Task<string> CallAsync(CertificateHolder? client, Version version)
    {
        await using var server = await StartAsync();
        var address = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        using var handler = new SocketsHttpHandler { SslOptions = ClusterTls.ClientOptions(address.Host, client, _validator) };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(20) };
        using var request = new HttpRequestMessage(HttpMethod.Get, address)
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, Listen));
        var application = builder.Build();
        application.Run(AnswerAsync);
        await application.StartAsync();
        return application;
    }

    private void Listen(ListenOptions listen) => listen.UseHttps(new TlsHandshakeCallbackOptions
    {
        OnConnection = _ => ValueTask.FromResult(ClusterTls.ServerOptions(
            _manager, _validator, System.Net.Security.SslApplicationProtocol.Http2, System.Net.Security.SslApplicationProtocol.Http11)),
    });

    private Task AnswerAsync(HttpContext context)
    {
        var verdict = _validator.JudgeClient(context.Connection.ClientCertificate);
        return context.Response.WriteAsync($"{verdict.Kind} {verdict.Identity?.Id} {context.Request.Protocol}");
    }
}
