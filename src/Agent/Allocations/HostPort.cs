// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>A port of the node that leads to a container's port.</summary>
/// <param name="Target">The container's port.</param>
/// <param name="Published">The node's port.</param>
/// <param name="Protocol">TCP or UDP.</param>
internal sealed record HostPort(int Target, int Published, PortProtocol Protocol);
