// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>What is to be placed: one more replica of a revision.</summary>
internal sealed record PlacementRequest
{
    private static readonly ImmutableSortedDictionary<NodeId, DateTimeOffset> NoneAvoided =
        ImmutableSortedDictionary<NodeId, DateTimeOffset>.Empty;

    public required ServiceSpec Spec { get; init; }

    /// <summary>Null: not resolved yet; placement then asks nothing of the image.</summary>
    public ResolvedImage? Image { get; init; }

    /// <summary>Homes of its named volumes that have one.</summary>
    public required ImmutableArray<VolumeHome> Homes { get; init; }

    /// <summary>Nodes where it failed just now.</summary>
    public required ImmutableSortedDictionary<NodeId, DateTimeOffset> Avoided { get; init; }

    /// <summary>The service's name is not to lead to it.</summary>
    public bool IsUntold { get; init; }

    /// <summary>It is a hook.</summary>
    public bool IsHook { get; init; }

    /// <summary>A hook of a revision.</summary>
    public static PlacementRequest ForHook(ClusterState state, RevisionRecord revision, HookKind kind) =>
        For(state, revision with { Spec = HookTemplate.Of(revision.Spec, kind) }) with { IsHook = true, Avoided = NoneAvoided };

    public static PlacementRequest For(ClusterState state, RevisionRecord revision) => new()
    {
        Spec = revision.Spec,
        Image = revision.Image,
        Homes = [.. HomesOf(state, revision.Spec)],
        Avoided = state.Memory.Avoided.GetValueOrDefault(revision.Service, NoneAvoided),
    };

    /// <summary>A volume whose home node was removed has no home any more: the operator has given its data up.</summary>
    private static IEnumerable<VolumeHome> HomesOf(ClusterState state, ServiceSpec spec)
    {
        foreach (var name in spec.NamedVolumes())
        {
            if (!state.Volumes.TryGetValue(ClusterStateBuilder.VolumeKey(spec.Name.Stack, name), out var volume)) continue;
            if (!state.Nodes.TryGetValue(volume.Home, out var home)) continue;
            var homeState = state.NodeObservations.TryGetValue(home.Id, out var seen) ? seen.State : NodeState.Unknown;
            yield return new VolumeHome(name, home.Id, home.Name, homeState == NodeState.Ready);
        }
    }
}
