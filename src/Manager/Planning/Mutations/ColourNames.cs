// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>The name of a new colour belongs to its service: who looks it up must not find another's replicas.</summary>
internal static class ColourNames
{
    /// <summary>Null: nobody has the name.</summary>
    public static MutationResult.Refused? Refuse(ClusterState state, ServiceSpec spec)
    {
        if (spec.Update.Strategy == UpdateStrategy.BlueGreen && Holder(state, spec.Name.GreenName) is { } holder)
            return Refusals.Conflict($"the name '{spec.Name.GreenName}', under which a new colour of {spec.Name.Display} is tried, is held "
                + $"in discovery by {holder.Name.Display}: choose another name or another strategy");
        var name = spec.Name.DiscoveryName;
        if (!name.StartsWith(ServiceName.GreenPrefix, StringComparison.Ordinal)) return null;
        return Holder(state, name[ServiceName.GreenPrefix.Length..]) is not { } owner || !HasColours(state, owner) ? null
            : Refusals.Conflict($"under the name '{name}' a new colour of {owner.Name.Display} is tried: choose another name");
    }

    private static ServiceRecord? Holder(ClusterState state, string name) =>
        state.ServicesByDiscoveryName.TryGetValue(name, out var id) ? state.Services.GetValueOrDefault(id) : null;

    private static bool HasColours(ClusterState state, ServiceRecord service) => !service.Untold.IsEmpty
        || state.Revisions[service.Id][service.Revision].Spec.Update.Strategy == UpdateStrategy.BlueGreen;
}
