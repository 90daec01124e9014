// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography.X509Certificates;
using ClusterManager.Grpc.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Shared.Tests.Grpc.Fixtures;

/// <summary>A Kestrel on a free loopback port, with the limits of Kestrel as they are by default.</summary>
internal sealed class GrpcServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GrpcServer(WebApplication app, LogCollector logs)
    {
        _app = app;
        Logs = logs;
    }

    /// <summary>Where the server listens, with its scheme.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>What the server logged at warning and above.</summary>
    public LogCollector Logs { get; }

    /// <summary>A server without TLS: HTTP/2 by prior knowledge.</summary>
    public static Task<GrpcServer> StartAsync(ServerServiceDefinition service, GrpcServiceOptions? options = null) =>
        StartAsync(app => app.MapGrpcService(service, options), listen => listen.Protocols = HttpProtocols.Http2);

    /// <summary>A server with TLS, one port for HTTP/1.1 and HTTP/2, which asks for a client certificate.</summary>
    public static Task<GrpcServer> StartTlsAsync(ServerServiceDefinition service, X509Certificate2 certificate) =>
        StartAsync(
            app =>
            {
                app.MapGrpcService(service);
                app.MapGet("/page", () => "a page");
            },
            listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = certificate;
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.AllowAnyClientCertificate();
                });
            });

    /// <summary>A server that answers every request with the given delegate: a peer that does not keep the rules.</summary>
    public static Task<GrpcServer> StartRawAsync(RequestDelegate answer) =>
        StartAsync(app => app.Run(answer), listen => listen.Protocols = HttpProtocols.Http2);

    /// <summary>A server with routes and a listener of the test's own.</summary>
    public static async Task<GrpcServer> StartAsync(Action<WebApplication> map, Action<ListenOptions> configure)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var logs = new LogCollector();
        builder.Logging.AddProvider(logs);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => configure(listen)));
        var app = builder.Build();
        app.UseRouting();
        map(app);
        await app.StartAsync();
        return new GrpcServer(app, logs);
    }

    /// <summary>A channel to this server.</summary>
    public GrpcChannel CreateChannel(GrpcChannelOptions? options = null) => GrpcChannel.ForAddress(Address, options);

    /// <summary>Stops within a second, whatever still runs: what a killed process looks like to its clients.</summary>
    public async Task StopAsync()
    {
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(impatience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }
}
