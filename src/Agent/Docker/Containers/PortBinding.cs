// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>A container's port made reachable at the host.</summary>
/// <param name="Port">The port inside the container.</param>
/// <param name="HostPort">The host's port; 0 in a request lets the engine choose a free one.</param>
/// <param name="HostAddress">The host's address to listen on; empty for all of them.</param>
public sealed record PortBinding(ContainerPort Port, int HostPort, string HostAddress = "");
