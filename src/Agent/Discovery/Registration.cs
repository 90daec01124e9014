// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Agent.Discovery;

/// <summary>One entry of the node's Consul agent, as we want it or as it is. Compare with <see cref="IsSameService"/>.</summary>
internal sealed record Registration
{
    /// <summary>The prefix of every id of ours; entries without it are never touched.</summary>
    public const string Prefix = "cluster/";

    /// <summary>The end of the id of a new colour's entry.</summary>
    public const string GreenSuffix = "/green";

    /// <summary><c>cluster/stack/service/slot/generation</c>, and <c>/green</c> of a new colour that waits for its switch.</summary>
    public required string Id { get; init; }

    /// <summary>The service's name in Consul and DNS.</summary>
    public required string Name { get; init; }

    /// <summary>Where callers reach it.</summary>
    public required string Address { get; init; }

    /// <summary>The node's port.</summary>
    public required int Port { get; init; }

    /// <summary>Facts beside it, such as <c>port_8443</c>.</summary>
    public ImmutableSortedDictionary<string, string> Meta { get; init; } = Model.Maps.Empty;

    /// <summary>Its check passes; false: critical.</summary>
    public bool IsPassing { get; init; }

    /// <summary>The service's own name leads to it, and not that of a new colour that waits for its switch.</summary>
    public bool IsTold => !Id.EndsWith(GreenSuffix, StringComparison.Ordinal);

    /// <summary>True when both say the same to callers, whatever the check says.</summary>
    public bool IsSameService(Registration other) =>
        Name == other.Name && Address == other.Address && Port == other.Port && Meta.SequenceEqual(other.Meta);
}
