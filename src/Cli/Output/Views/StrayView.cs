// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>A service that runs and is unknown to the state, for programs.</summary>
internal sealed record StrayView(
    string Name, long ServiceId, string Image, string[] Allocations, string[] Nodes, bool Known, string? Problem)
{
    /// <summary>From the wire.</summary>
    public static StrayView Of(V1.StrayService stray) => new(
        stray.Name.ToModel().Display, stray.ServiceId, stray.Image, [.. stray.Allocations], [.. stray.Nodes], stray.Known,
        stray.Problem.Length == 0 ? null : stray.Problem);
}
