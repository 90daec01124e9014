// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>The end of a container's run.</summary>
/// <param name="ExitCode">What its first process returned; 128 + n when signal n killed it.</param>
/// <param name="Error">What went wrong while waiting, or null.</param>
public sealed record ContainerExit(int ExitCode, string? Error);
