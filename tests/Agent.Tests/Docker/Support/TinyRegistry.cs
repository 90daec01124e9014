// SPDX-License-Identifier: Apache-2.0
using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>
/// An image registry with one small image, tagged <c>1</c>, in every repository whose name it knows. <c>broken</c> answers 500,
/// <c>silent</c> never answers, <c>denied</c> answers 403, anything else has no such tag.
/// </summary>
internal sealed class TinyRegistry : IAsyncDisposable
{
    /// <summary>The only user of a registry that asks for one.</summary>
    public const string User = "carl", Password = "hunter2-canary";

    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    private readonly TinyHttpServer _server;
    private readonly bool _asksForUser;
    private readonly byte[] _layer;
    private readonly byte[] _config;
    private readonly byte[] _manifest;

    /// <summary>Serves on a socket that listens already.</summary>
    public TinyRegistry(Socket listener, bool asksForUser)
    {
        _asksForUser = asksForUser;
        Address = $"127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}";
        var layerTar = MakeLayer();
        _layer = Compress(layerTar);
        _config = Encoding.UTF8.GetBytes(
            $$$"""
            {"architecture":"amd64","os":"linux","config":{"Cmd":["/hello"],"StopSignal":"SIGQUIT",
            "ExposedPorts":{"8080/tcp":{},"53/udp":{}},
            "Healthcheck":{"Test":["CMD","/hello"],"Interval":5000000000,"Retries":2}},
            "rootfs":{"type":"layers","diff_ids":["{{{DigestOf(layerTar)}}}"]}}
            """);
        _manifest = Encoding.UTF8.GetBytes(
            $$$"""
            {"schemaVersion":2,"mediaType":"{{{ManifestType}}}",
            "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{{_config.Length}}},
            "digest":"{{{DigestOf(_config)}}}"},
            "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":{{{_layer.Length}}},
            "digest":"{{{DigestOf(_layer)}}}"}]}
            """);
        _server = new TinyHttpServer(listener, ServeAsync);
    }

    /// <summary>Host and port as they stand in front of an image's name.</summary>
    public string Address { get; }

    /// <summary>The image's digest.</summary>
    public string Digest => DigestOf(_manifest);

    /// <summary>The image's id after a pull.</summary>
    public string ImageId => DigestOf(_config);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(TinyRequest request, Stream stream, CancellationToken cancellationToken)
    {
        var login = "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{User}:{Password}"));
        if (_asksForUser && request.Headers.GetValueOrDefault("Authorization") != login)
        {
            await RefuseAsync(stream, 401, "UNAUTHORIZED", "authentication required", cancellationToken,
                "WWW-Authenticate: Basic realm=\"tiny\"");
            return;
        }
        switch (request.Path.Split('/'))
        {
            case ["", "v2", ""]:
                await TinyHttpServer.AnswerAsync(stream, 200, "{}", cancellationToken, "Docker-Distribution-Api-Version: registry/2.0");
                break;
            case ["", "v2", "silent", ..]:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                break;
            case ["", "v2", "broken", ..]:
                await TinyHttpServer.AnswerAsync(stream, 500, "<html>oops</html>", cancellationToken);
                break;
            case ["", "v2", "denied", ..]:
                await RefuseAsync(stream, 403, "DENIED", "requested access to the resource is denied", cancellationToken);
                break;
            case ["", "v2", _, "manifests", var reference] when reference == "1" || reference == Digest:
                await SendAsync(stream, request, _manifest, ManifestType, cancellationToken);
                break;
            case ["", "v2", _, "blobs", var digest] when digest == DigestOf(_config):
                await SendAsync(stream, request, _config, "application/octet-stream", cancellationToken);
                break;
            case ["", "v2", _, "blobs", var digest] when digest == DigestOf(_layer):
                await SendAsync(stream, request, _layer, "application/octet-stream", cancellationToken);
                break;
            default:
                await RefuseAsync(stream, 404, "MANIFEST_UNKNOWN", "manifest unknown", cancellationToken);
                break;
        }
    }

    private static Task RefuseAsync(
        Stream stream, int status, string code, string message, CancellationToken cancellationToken, params string[] headers) =>
        TinyHttpServer.AnswerAsync(
            stream, status, $$"""{"errors":[{"code":"{{code}}","message":"{{message}}"}]}""", cancellationToken,
                [.. headers, "Content-Type: application/json"]);

    private static async Task SendAsync(Stream stream, TinyRequest request, byte[] body, string type, CancellationToken cancellationToken)
    {
        await TinyHttpServer.BeginAsync(
            stream, 200, cancellationToken, $"Content-Type: {type}", $"Content-Length: {body.Length}",
                $"Docker-Content-Digest: {DigestOf(body)}");
        if (request.Method != "HEAD")
            await stream.WriteAsync(body, cancellationToken);
    }

    private static byte[] MakeLayer()
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "hello") { DataStream = new MemoryStream("hello"u8.ToArray()) });
        return tar.ToArray();
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return compressed.ToArray();
    }

    private static string DigestOf(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
}
