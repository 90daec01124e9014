// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>A container of this cluster that the agent found on its node.</summary>
/// <param name="Id">The engine's id of it.</param>
/// <param name="Allocation">Whose it is, by its label.</param>
/// <param name="IsRunning">Its process runs (or is paused).</param>
/// <param name="Created">When it was made; the newer of two wins.</param>
internal sealed record FoundContainer(string Id, AllocationId Allocation, bool IsRunning, DateTimeOffset Created);
