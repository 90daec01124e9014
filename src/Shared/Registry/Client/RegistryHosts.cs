// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace ClusterManager.Registry;

/// <summary>Says where an image is looked up, and keeps the connections.</summary>
internal sealed class RegistryHosts(RegistryClientOptions options, HttpMessageHandler? handler) : IDisposable
{
    private static readonly RegistryHostOptions Ordinary = new();
    private readonly ConcurrentDictionary<string, Lazy<HttpMessageInvoker>> _special = new(StringComparer.Ordinal);
    private readonly HttpMessageInvoker _shared = new(handler ?? RegistryHandler.Create(options, Ordinary));

    /// <summary>The registries to ask, in order, and the repository in them. The last one is the image's own.</summary>
    /// <exception cref="RegistryException">The image names no registry, and there is no default.</exception>
    public (IReadOnlyList<RegistryHost> Hosts, string Repository) For(ImageName image)
    {
        var own = image.Registry ?? options.DefaultRegistry ?? throw new RegistryException(
            RegistryErrorKind.NoRegistry, "", $"image {image} names no registry, and no default registry is set (defaultRegistry)");
        var isShort = image.Registry is null && options.DefaultNamespace.Length > 0
            && !image.Repository.Contains('/', StringComparison.Ordinal);
        var repository = isShort ? $"{options.DefaultNamespace}/{image.Repository}" : image.Repository;
        return ([.. OptionsOf(own).Mirrors.Select(Host), Host(own)], repository);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        _shared.Dispose();
        foreach (var invoker in _special.Values.Where(lazy => lazy.IsValueCreated)) invoker.Value.Dispose();
    }

    private RegistryHost Host(string name)
    {
        var own = OptionsOf(name);
        var scheme = own.PlainHttp ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        if (!ImageGrammar.IsHost(own.Address ?? name))
            throw new RegistryException(RegistryErrorKind.NoRegistry, name, $"'{own.Address ?? name}' is no address of a registry");
        return new RegistryHost(name, new Uri($"{scheme}://{own.Address ?? name}/"), InvokerOf(name, own));
    }

    // Only a registry with roots of its own needs a handler of its own, and of those there are as many as were configured.
    private HttpMessageInvoker InvokerOf(string name, RegistryHostOptions own) => handler is not null || own.ExtraRoots is null
        ? _shared
        : _special.GetOrAdd(name, _ => new(() => new HttpMessageInvoker(RegistryHandler.Create(options, own)))).Value;

    private RegistryHostOptions OptionsOf(string name) => options.Hosts.TryGetValue(name, out var found) ? found : Ordinary;
}
