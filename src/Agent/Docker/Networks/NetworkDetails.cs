// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>A network of the node.</summary>
public sealed record NetworkDetails
{
    /// <summary>The engine's id of it.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its driver: <c>bridge</c> for ours.</summary>
    public required string Driver { get; init; }

    /// <summary>Its first address range; null for networks without one, such as <c>host</c>.</summary>
    public string? Subnet { get; init; }

    /// <summary>The bridge's own address. Null when the engine chose it and no container has been attached yet (Engine 20.10).</summary>
    public string? Gateway { get; init; }

    /// <summary>Its labels, by ordinal name.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Options of its driver, by ordinal name.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }
}
