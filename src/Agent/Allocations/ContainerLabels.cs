// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>The labels by which the agent knows its containers. A container without them is never touched.</summary>
internal static class ContainerLabels
{
    /// <summary>The cluster's id.</summary>
    public const string Cluster = "cluster.id";

    /// <summary>The allocation's id, <c>service-slot-generation</c>.</summary>
    public const string Allocation = "cluster.allocation";

    /// <summary>The service's full name.</summary>
    public const string Service = "cluster.service";

    /// <summary>The slot.</summary>
    public const string Slot = "cluster.slot";

    /// <summary>Which hook it is; a replica has no such label.</summary>
    public const string Hook = "cluster.hook";

    /// <summary>The generation.</summary>
    public const string Generation = "cluster.generation";

    /// <summary>The revision the container was made for.</summary>
    public const string Revision = "cluster.revision";

    /// <summary>The hash of what the container was made of.</summary>
    public const string Template = "cluster.template";

    /// <summary>The attempt the container was made for; restarts in place count on in the agent's file.</summary>
    public const string Attempt = "cluster.attempt";

    /// <summary>The filter that finds this cluster's containers.</summary>
    public static string Filter(ClusterId cluster) => $"{Cluster}={cluster}";

    /// <summary>The labels of a new container: the user's, and ours over them.</summary>
    public static ImmutableSortedDictionary<string, string> For(ClusterId cluster, Assignment assignment, int attempt)
    {
        var labels = assignment.Spec.Container.Labels.SetItems(new Dictionary<string, string>
        {
            [Cluster] = cluster.ToString(),
            [Allocation] = assignment.Id.ToString(),
            [Service] = assignment.Spec.Name.ToString(),
            [Slot] = assignment.Id.Slot.ToString(CultureInfo.InvariantCulture),
            [Generation] = assignment.Id.Generation.ToString(CultureInfo.InvariantCulture),
            [Revision] = assignment.Revision.ToString(CultureInfo.InvariantCulture),
            [Template] = assignment.TemplateHash,
            [Attempt] = attempt.ToString(CultureInfo.InvariantCulture),
        });
        var slot = assignment.Id.Slot;
        return HookSlot.IsHook(slot) ? labels.SetItem(Hook, HookSlot.NameOf(slot)) : labels;
    }

    /// <summary>Whose container it is; null when it is not this cluster's or its labels can not be read.</summary>
    public static AllocationId? OwnerOf(IReadOnlyDictionary<string, string> labels, ClusterId cluster)
    {
        if (!labels.TryGetValue(Cluster, out var owner) || owner != cluster.ToString()) return null;
        return labels.TryGetValue(Allocation, out var text) && AllocationId.TryParse(text, out var id) ? id : null;
    }

    /// <summary>The attempt on the label; 1 when there is none.</summary>
    public static int AttemptOf(IReadOnlyDictionary<string, string> labels) =>
        labels.TryGetValue(Attempt, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            ? Math.Max(attempt, 1)
            : 1;
}
