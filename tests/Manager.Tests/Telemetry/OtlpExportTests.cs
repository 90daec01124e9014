// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using ClusterManager.Manager.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace ClusterManager.Manager.Tests.Telemetry;

/// <summary>OTLP is sent when it is asked for, to a receiver of the test.</summary>
public sealed class OtlpExportTests
{
    [Fact]
    public void Nothing_is_sent_unless_the_environment_names_a_receiver()
    {
        Assert.Null(OtlpExport.TryStart(_ => null, "c", "m", "1"));
        Assert.Null(OtlpExport.TryStart(name => name == "OTEL_SDK_DISABLED" ? "true" : "http://127.0.0.1:1", "c", "m", "1"));
    }

    [Fact]
    public async Task Metrics_reach_the_receiver_with_the_clusters_and_the_managers_name()
    {
        var received = new ConcurrentQueue<(string Path, string? Type, string Body)>();
        await using var receiver = Receiver(received);
        await receiver.StartAsync();
        var address = new Uri(new Uri(receiver.Urls.Single()), "/v1/metrics");
        using var provider = OtlpExport.TryStart(
            name => name == OtlpExport.Variables[0] ? address.ToString() : null, "0123456789", "h7", "1.2.3", options =>
            {
                options.Endpoint = address;
                options.Protocol = OtlpExportProtocol.HttpProtobuf;
            });
        ManagerMeter.TurnedAway();
        Assert.True(provider!.ForceFlush(10_000));
        Assert.True(received.TryPeek(out var first), "nothing was received");
        Assert.Equal(("/v1/metrics", "application/x-protobuf"), (first.Path, first.Type));
        Assert.Contains("cluster.engine.mailbox.rejected", first.Body, StringComparison.Ordinal);
        Assert.Contains("0123456789", first.Body, StringComparison.Ordinal);
        Assert.Contains("h7", first.Body, StringComparison.Ordinal);
    }

    private static WebApplication Receiver(ConcurrentQueue<(string Path, string? Type, string Body)> received)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.Enqueue((context.Request.Path, context.Request.ContentType, Encoding.Latin1.GetString(body.ToArray())));
            context.Response.StatusCode = StatusCodes.Status200OK;
        });
        return app;
    }
}
