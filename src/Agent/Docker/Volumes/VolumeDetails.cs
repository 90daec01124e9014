// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>A volume of the node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Driver">Its driver.</param>
/// <param name="Mountpoint">Where its files lie on the node.</param>
/// <param name="Labels">Its labels, by ordinal name.</param>
/// <param name="Created">When it was made.</param>
public sealed record VolumeDetails(
    string Name, string Driver, string Mountpoint, IReadOnlyDictionary<string, string> Labels, DateTimeOffset Created);
