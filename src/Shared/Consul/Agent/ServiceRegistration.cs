// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Consul;

/// <summary>One instance of a service, registered on the agent of its own node.</summary>
public sealed record ServiceRegistration
{
    /// <summary>Its id, unique on its node; may hold slashes.</summary>
    public required string Id { get; init; }

    /// <summary>The service's name. Must be a DNS label: Consul takes any, its DNS does not.</summary>
    public required string Name { get; init; }

    /// <summary>The instance's own address; null means its node's.</summary>
    public string? Address { get; init; }

    /// <summary>The instance's port; 0 when it has none.</summary>
    public int Port { get; init; }

    /// <summary>Tags, answered as <c>tag.name.service.consul</c>. Default none.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>At most 64 pairs; keys of <c>[A-Za-z0-9_-]</c>, values up to 512 characters. Default none.</summary>
    public ImmutableSortedDictionary<string, string> Meta { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The weight in SRV answers while passing, 1 to 65535. Default 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Its checks; it is healthy when all pass. Default none: always healthy.</summary>
    public ImmutableArray<TtlCheck> Checks { get; init; } = [];
}
