// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Agent.Docker;

/// <summary>A bridge network to create on the node.</summary>
public sealed record NetworkRequest
{
    /// <summary>Its name; taken names are refused with <see cref="DockerErrorKind.NameTaken"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Its address range, such as <c>172.30.0.0/16</c>; null lets the engine choose a free one.</summary>
    public string? Subnet { get; init; }

    /// <summary>The part of <see cref="Subnet"/> that containers get addresses from; null for all of it.</summary>
    public string? AddressRange { get; init; }

    /// <summary>The bridge's own address in <see cref="Subnet"/>; null for the first one.</summary>
    public string? Gateway { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Options of the bridge driver, such as <c>com.docker.network.bridge.name</c>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
