// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>
/// One port offered outside the container. The mode is stored explicitly, so that a later default changes nobody's service.
/// </summary>
public sealed record PortSpec
{
    /// <summary>Fixed or dynamic.</summary>
    public required PortMode Mode { get; init; }

    /// <summary>The container's port, 1 to 65535.</summary>
    public required int Target { get; init; }

    /// <summary>The node's port for <see cref="PortMode.Fixed"/>, 1 to 65535; null for dynamic.</summary>
    public int? Published { get; init; }

    /// <summary>TCP or UDP.</summary>
    public PortProtocol Protocol { get; init; } = PortProtocol.Tcp;

    /// <summary>The node's address to listen on; null: all.</summary>
    public string? HostAddress { get; init; }
}
