// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace ClusterManager.Grpc.Server;

/// <summary>What the call shows to its handler.</summary>
internal sealed partial class ServerCall
{
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;

    protected override string MethodCore { get; }

    protected override string HostCore => HttpContext.Request.Host.Value ?? "";

    protected override string PeerCore => Describe(HttpContext.Connection);

    protected override DateTime DeadlineCore { get; }

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadHeaders(HttpContext.Request.Headers);

    // Kept, as a handler may hand it to work that looks at it after the end of the call.
    protected override CancellationToken CancellationTokenCore { get; }

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; } = Status.DefaultSuccess;

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        BeginWrite();
        try
        {
            if (_bodyStarted || HttpContext.Response.HasStarted)
                throw new InvalidOperationException("The headers of the response were sent already.");
            Responses.WriteMetadata(HttpContext.Response.Headers, responseHeaders);
            _bodyStarted = true;
            await FlushAsync(CancellationToken.None);
        }
        finally
        {
            EndWrite();
        }
    }

    private static Metadata ReadHeaders(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach (var (key, values) in headers)
        {
            foreach (var value in values)
                MetadataCodec.AddReceived(metadata, key, value);
        }

        return metadata;
    }

    private static string Describe(ConnectionInfo connection) => connection.RemoteIpAddress switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } mapped => $"ipv4:{mapped.MapToIPv4()}:{connection.RemotePort}",
        { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } v6 => $"ipv6:[{v6}]:{connection.RemotePort}",
        var v4 => $"ipv4:{v4}:{connection.RemotePort}",
    };
}
