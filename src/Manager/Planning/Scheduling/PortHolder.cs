// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>Who holds a fixed port of a node.</summary>
/// <param name="Address">The address it is bound to; null: all.</param>
/// <param name="Name">Service and slot, for people.</param>
/// <param name="IsStopping">It was told to stop: the port will be free soon.</param>
internal sealed record PortHolder(string? Address, string Name, bool IsStopping);
