// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Net;
using ClusterManager.Agent.Docker;
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>
/// The node's own bridge network that containers are on until cluster networks exist: created when missing, in a range from the engine's
/// pool.
/// Its gateway is the containers' resolver. Thread-safe.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="cluster">Goes on its label.</param>
internal sealed class ContainerNetwork(IContainerEngine engine, ClusterId cluster)
{
    /// <summary>The network's name, and its bridge's.</summary>
    public const string Name = "cm-default";

    private volatile string? _gateway;
    private volatile bool _isKnown;

    /// <summary>The gateway's address, once known.</summary>
    public string? Gateway => _gateway;

    /// <summary>
    /// The gateway's address as it was last seen: many containers at once ask the engine once. It is looked at again whenever the engine is
    /// listed, and after <see cref="Forget"/>.
    /// </summary>
    /// <exception cref="DockerException">The engine refuses or does not answer.</exception>
    public async Task<string?> GatewayAsync(CancellationToken cancellationToken) =>
        _isKnown ? _gateway : await EnsureAsync(cancellationToken);

    /// <summary>The engine missed something that a container needs: the network may be what is gone.</summary>
    public void Forget() => _isKnown = false;

    /// <summary>Makes sure that the network exists.</summary>
    /// <returns>The gateway's address; null when the network has none.</returns>
    /// <exception cref="DockerException">The engine refuses or does not answer.</exception>
    public async Task<string?> EnsureAsync(CancellationToken cancellationToken)
    {
        var network = await FindAsync(cancellationToken) ?? await CreateAsync(cancellationToken);
        // Engine 20.10 names no gateway before the first container; the bridge then takes the range's first address.
        _gateway = network.Gateway is { Length: > 0 } gateway ? gateway : FirstAddress(network.Subnet);
        _isKnown = true;
        return _gateway;
    }

    /// <summary>The first host address of a range such as <c>172.18.0.0/16</c>; null when it is none. Pure.</summary>
    public static string? FirstAddress(string? subnet)
    {
        if (!IPNetwork.TryParse(subnet, out var range)) return null;
        var bytes = range.BaseAddress.GetAddressBytes();
        bytes[^1]++;
        return new IPAddress(bytes).ToString();
    }

    private async Task<NetworkDetails?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await engine.InspectNetworkAsync(Name, cancellationToken);
        }
        catch (DockerException error) when (error.Kind == DockerErrorKind.NotFound)
        {
            return null;
        }
    }

    private async Task<NetworkDetails> CreateAsync(CancellationToken cancellationToken)
    {
        var request = new NetworkRequest
        {
            Name = Name,
            Labels = Maps.Empty.Add(ContainerLabels.Cluster, cluster.ToString()),
            Options = Maps.Empty.Add("com.docker.network.bridge.name", Name),
        };
        try
        {
            await engine.CreateNetworkAsync(request, cancellationToken);
        }
        catch (DockerException error) when (error.Kind is DockerErrorKind.NameTaken or DockerErrorKind.Conflict)
        {
            // Another runner was first.
        }
        return await engine.InspectNetworkAsync(Name, cancellationToken);
    }
}
