// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api.Projection;

/// <summary>What runs and is unknown to the state, as operators see it. Pure.</summary>
internal static class StrayProjection
{
    public static V1.StrayList List(ClusterState state)
    {
        var list = new V1.StrayList();
        list.Services.AddRange(Strays.ByService(state).Select(pair => View(state, pair.Key, pair.Value))
            .OrderBy(view => view.Name.Stack, StringComparer.Ordinal).ThenBy(view => view.Name.Name, StringComparer.Ordinal));
        return list;
    }

    /// <summary>One line for <c>cluster status</c>.</summary>
    public static string Text(V1.StrayService stray) =>
        $"{Replicas(stray.Allocations.Count)} on {string.Join(", ", stray.Nodes)}, unknown to the restored state; "
        + (stray.Problem.Length == 0 ? "nothing of it is touched" : stray.Problem);

    private static string Replicas(int count) => count == 1 ? "1 replica runs" : $"{count} replicas run";

    private static V1.StrayService View(ClusterState state, ServiceId id, ImmutableArray<(NodeId Node, HeldAllocation Held)> strays)
    {
        var newest = strays.MaxBy(one => one.Held.Revision).Held;
        var view = new V1.StrayService
        {
            Name = newest.Spec.Name.ToWire(), ServiceId = id.Value, Image = newest.Spec.Container.Image,
            Known = state.Services.ContainsKey(id),
            Problem = strays.Select(one => Strays.Problem(state, one.Node, one.Held)).FirstOrDefault(text => text is not null) ?? "",
        };
        view.Allocations.AddRange(strays.Select(one => one.Held.Id.ToString()));
        view.Nodes.AddRange(strays.Select(one => state.Nodes.GetValueOrDefault(one.Node)?.Name ?? one.Node.ToString())
            .Distinct().Order(StringComparer.Ordinal));
        return view;
    }
}
