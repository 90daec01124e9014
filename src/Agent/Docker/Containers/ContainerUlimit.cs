// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>A limit of the container's processes.</summary>
/// <param name="Name">Such as <c>nofile</c>.</param>
/// <param name="Soft">What holds at first; -1 for none.</param>
/// <param name="Hard">What a process may raise it to; -1 for none.</param>
public sealed record ContainerUlimit(string Name, long Soft, long Hard);
