// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>The stable name of an allocation's container: <c>stack-service.slot.allocation</c>, for example <c>web.2.12-2-1</c>; of a
/// hook <c>web.pre_deploy.12-1000001-1</c>.</summary>
internal static class ContainerName
{
    /// <summary>The name.</summary>
    public static string Of(Assignment assignment) =>
        $"{assignment.Spec.Name.DiscoveryName}.{HookSlot.NameOf(assignment.Id.Slot)}.{assignment.Id}";
}
