// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Agent.Docker;

/// <summary>A volume to create on the node.</summary>
/// <param name="Name">Its name.</param>
public sealed record VolumeRequest(string Name)
{
    /// <summary>The driver; <c>local</c> unless said otherwise.</summary>
    public string Driver { get; init; } = "local";

    /// <summary>Options of the driver.</summary>
    public IReadOnlyDictionary<string, string> DriverOptions { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Its labels. They are ignored when the volume exists: compare what comes back.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
