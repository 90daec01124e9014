// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Allocations;

/// <summary>The stable name of an allocation's container: <c>stack-service.slot.allocation</c>, for example <c>web.2.12-2-1</c>.</summary>
internal static class ContainerName
{
    /// <summary>The name.</summary>
    public static string Of(Assignment assignment) => $"{assignment.Spec.Name.DiscoveryName}.{assignment.Id.Slot}.{assignment.Id}";
}
