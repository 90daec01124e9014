// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>A container that now exists and does not run yet.</summary>
/// <param name="Id">The engine's id of it: 64 hexadecimal digits.</param>
/// <param name="Warnings">What the engine could not do and left out, such as a limit the kernel does not know.</param>
public sealed record ContainerCreated(string Id, IReadOnlyList<string> Warnings);
