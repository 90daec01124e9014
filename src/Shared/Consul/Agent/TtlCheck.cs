// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>A check that turns critical unless its owner reports within a time.</summary>
public sealed record TtlCheck
{
    /// <summary>Its id, unique on its node.</summary>
    public required string Id { get; init; }

    /// <summary>A name for people. Default: the id.</summary>
    public string? Name { get; init; }

    /// <summary>How long a report holds.</summary>
    public required TimeSpan Ttl { get; init; }

    /// <summary>What it says before the first report. Default critical.</summary>
    public CheckStatus InitialStatus { get; init; } = CheckStatus.Critical;

    /// <summary>
    /// The service it belongs to. Null (default) makes it a check of the node: while it is critical, every service of the node is
    /// hidden. Without meaning inside a service registration.
    /// </summary>
    public string? ServiceId { get; init; }

    /// <summary>Removes the service after this long critical; Consul wants a minute at least. Null (default) keeps it.</summary>
    public TimeSpan? DeregisterServiceAfter { get; init; }

    /// <summary>A remark for people. Default empty.</summary>
    public string Notes { get; init; } = "";
}
