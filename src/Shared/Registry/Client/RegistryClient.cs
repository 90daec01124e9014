// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>
/// The reading part of the registries' HTTP API, as far as the cluster uses it: manifests and tags. One instance per set of settings,
/// thread-safe, kept for long. Calls do not retry: the caller knows what it may cost.
/// </summary>
/// <remarks>
/// Every call throws <see cref="RegistryException"/> when it fails, and <see cref="OperationCanceledException"/> only when the caller's
/// own token is cancelled. Mirrors are asked before the image's own registry, whose failure is the one that is told.
/// </remarks>
public sealed class RegistryClient : IDisposable
{
    private readonly RegistryClientOptions _options;
    private readonly RegistryHosts _hosts;
    private readonly RegistryTransport _transport;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="options">What is known of registries.</param>
    /// <param name="handler">Sends the requests in place of sockets, for tests; disposed with the client. Null opens sockets.</param>
    public RegistryClient(RegistryClientOptions options, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _hosts = new RegistryHosts(options, handler);
        _transport = new RegistryTransport(options);
    }

    /// <summary>What a tag or a digest means now.</summary>
    /// <param name="image">The image; its digest decides over its tag, and is held against the answer.</param>
    /// <param name="read">How much is wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Manifest> ManifestAsync(ImageName image, ManifestRead read, CancellationToken cancellationToken) =>
        AskAsync(image, (host, repository, cancellation) => ManifestAsync(host, repository, image, read, cancellation), cancellationToken);

    /// <summary>The image for one platform: what the tag means, or what its index lists for the platform. Fetched and verified.</summary>
    /// <param name="image">The image.</param>
    /// <param name="platform">Where it is to run. An image without an index is taken as it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Manifest> PlatformAsync(ImageName image, Platform platform, CancellationToken cancellationToken)
    {
        var manifest = await ManifestAsync(image, ManifestRead.Whole, cancellationToken);
        if (manifest.Kind == ManifestKind.Image) return manifest;
        var entry = manifest.For(platform) ?? throw new RegistryException(
            RegistryErrorKind.NotFound, manifest.Registry, $"{image} is not there for {platform}");
        var chosen = await ManifestAsync(image.WithDigest(entry.Digest), ManifestRead.Whole, cancellationToken);
        return chosen.Kind == ManifestKind.Image ? chosen : throw new RegistryException(
            RegistryErrorKind.Protocol, manifest.Registry, $"{image} is an index of indexes");
    }

    /// <summary>The tags of an image's repository.</summary>
    /// <param name="image">The image; its tag and digest do not matter.</param>
    /// <param name="countMax">The most that are read; at least 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<TagList> TagsAsync(ImageName image, int countMax, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(countMax, 1);
        return AskAsync(image, (host, repository, cancellation) =>
            new TagPages(_transport, host, repository, _options.TagsPerPage).ReadAsync(countMax, cancellation), cancellationToken);
    }

    /// <summary>Closes the connections; calls under way fail.</summary>
    public void Dispose() => _hosts.Dispose();

    private async Task<T> AskAsync<T>(
        ImageName image, Func<RegistryHost, string, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        var (hosts, repository) = _hosts.For(image);
        using var deadline = new CancellationTokenSource(_options.CallTimeout, _options.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            foreach (var mirror in hosts.SkipLast(1))
            {
                try
                {
                    return await ask(mirror, repository, linked.Token);
                }
                catch (RegistryException error)
                {
                    _options.MirrorFailed(error);
                }
            }

            return await ask(hosts[^1], repository, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw hosts[^1].Unavailable($"no answer within {_options.CallTimeout.TotalSeconds:0.###} s in all");
        }
    }

    private async Task<Manifest> ManifestAsync(
        RegistryHost host, string repository, ImageName image, ManifestRead read, CancellationToken cancellationToken)
    {
        if (read == ManifestRead.Head && await HeadAsync() is { } enough) return enough;
        return ManifestAnswer.OfWhole(await _transport.SendAsync(host, RequestOf(HttpMethod.Get), cancellationToken), image.Digest);

        async Task<Manifest?> HeadAsync()
        {
            try
            {
                return ManifestAnswer.OfHead(await _transport.SendAsync(host, RequestOf(HttpMethod.Head), cancellationToken), image.Digest);
            }
            catch (RegistryException error) when (error.Status is 405 or 501)
            {
                // A server that knows no HEAD.
                return null;
            }
        }

        RegistryRequest RequestOf(HttpMethod method) => new()
        {
            Method = method,
            Address = new Uri(host.Base, $"v2/{repository}/manifests/{image.Reference}"),
            Accept = MediaTypes.Accept,
            Repository = repository,
            Subject = $"image {image}",
        };
    }
}
