// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;
using System.Text;
using ClusterManager.Registry;

namespace ClusterManager.Shared.Tests.Registry.Real;

/// <summary>
/// Puts images into a registry over its own API. Any certificate is accepted: the client under test is the one that is choosy.
/// </summary>
internal sealed class RegistryPush(Uri address, string repository, AuthenticationHeaderValue? identity = null) : IDisposable
{
    private readonly HttpClient _http = CreateHttp();

    public static HttpClient CreateHttp() => new(new SocketsHttpHandler
    {
        UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
    });

    /// <summary>An image whose content is a text; its manifest is made larger by an annotation when asked for.</summary>
    public async Task<ContentDigest> ImageAsync(string tag, string content, int padding = 0)
    {
        var config = $$$"""
            {"architecture":"amd64","os":"linux","config":{"Labels":{"text":"{{{content}}}"}},"rootfs":{"type":"layers","diff_ids":[]}}
            """;
        var digest = await BlobAsync(config);
        return await ManifestAsync(tag, Manifests.Image, $$$"""
            {"schemaVersion":2,"mediaType":"{{{Manifests.Image}}}",
             "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{digest}}}","size":{{{config.Length}}}},
             "layers":[],"annotations":{"padding":"{{{new string('x', padding)}}}"}}
            """);
    }

    /// <summary>Puts a manifest of any kind under a tag.</summary>
    public async Task<ContentDigest> ManifestAsync(string tag, string mediaType, string manifest)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(manifest));
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var answer = await SendAsync(HttpMethod.Put, $"v2/{repository}/manifests/{tag}", content);
        return Manifests.DigestOf(manifest);
    }

    public void Dispose() => _http.Dispose();

    private async Task<ContentDigest> BlobAsync(string text)
    {
        using var upload = await SendAsync(HttpMethod.Post, $"v2/{repository}/blobs/uploads/", null);
        var location = new Uri(address, upload.Headers.Location!);
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var digest = Manifests.DigestOf(text);
        using var answer = await SendAsync(HttpMethod.Put, $"{location}&digest={Uri.EscapeDataString(digest.ToString())}", content);
        return digest;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = content };
        request.Headers.Authorization = identity;
        var answer = await _http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return answer;
    }
}
