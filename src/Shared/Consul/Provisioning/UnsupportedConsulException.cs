// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul.Provisioning;

/// <summary>The Consul at hand cannot serve the cluster.</summary>
/// <param name="found">What was found instead.</param>
public sealed class UnsupportedConsulException(string found)
    : Exception($"Consul {ConsulVersion.Needed.Major}.{ConsulVersion.Needed.Minor} or newer is needed; found {found}")
{
    /// <summary>What was found instead.</summary>
    public string Found { get; } = found;
}
