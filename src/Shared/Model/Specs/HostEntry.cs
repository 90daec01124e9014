// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>One added line of the container's <c>/etc/hosts</c>.</summary>
/// <param name="Hostname">The name that is to resolve.</param>
/// <param name="Address">An IP address, or <c>host-gateway</c> for the node itself.</param>
public sealed record HostEntry(string Hostname, string Address);
