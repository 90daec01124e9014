// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Diagnosis;

/// <summary>Puts what agents found beside what is recorded. Pure.</summary>
internal static class DriftRules
{
    /// <summary>An allocation that is younger may not have reached its agent when it was asked.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(15);

    /// <summary>One report.</summary>
    /// <param name="state">The newest state.</param>
    /// <param name="answers">Each node with its answer; null: none came.</param>
    /// <param name="services">Which; empty: all.</param>
    /// <param name="now">The leader's clock.</param>
    public static V1.DriftReport Judge(
        ClusterState state, IReadOnlyList<(NodeRecord Node, V1.Comparison? Answer)> answers, ImmutableSortedSet<ServiceId> services,
        DateTimeOffset now)
    {
        var report = new V1.DriftReport();
        foreach (var (node, answer) in answers)
        {
            if (answer is null or { Problem.Length: > 0 })
            {
                report.Unseen.Add(new V1.UnseenNode { Node = node.Name, Problem = ProblemOf(state, node, answer) });
                if (answer is null) continue;
            }

            report.Compared += answer.Compared;
            var found = answer.Findings.Select(finding => Drift(state, node, finding, services)).OfType<V1.ContainerDrift>();
            report.Containers.AddRange([.. found, .. Unassigned(state, node, answer, services, now)]);
        }

        var sorted = report.Containers.OrderBy(one => one.Service.ToModel()).ThenBy(one => one.Name, StringComparer.Ordinal)
            .ThenBy(one => one.Node, StringComparer.Ordinal).ToList();
        report.Containers.Clear();
        report.Containers.AddRange(sorted);
        return report;
    }

    private static V1.ContainerDrift? Drift(
        ClusterState state, NodeRecord node, V1.ContainerFinding finding, ImmutableSortedSet<ServiceId> services)
    {
        var id = finding.Allocation.ToModel();
        if (!services.IsEmpty && !services.Contains(id.Service)) return null;
        var record = finding.Allocation is null ? null : state.Find(id);
        // What has been told to stop meanwhile goes, whatever it is like.
        if (finding.Kind != V1.DriftKind.Unknown && record is not { IsWanted: true }) return null;
        var service = state.Services.GetValueOrDefault(id.Service);
        var drift = new V1.ContainerDrift
        {
            Kind = finding.Kind, Service = service?.Name.ToWire(), Node = node.Name, ContainerId = finding.ContainerId,
            Allocation = record is null ? null : finding.Allocation,
            Name = finding.Kind == V1.DriftKind.Unknown || service is null
                ? finding.ContainerName : $"{service.Name.Name}.{HookSlot.NameOf(id.Slot)}",
        };
        drift.Fields.AddRange(finding.Fields);
        return drift;
    }

    /// <summary>Recorded as wanted there for a while, and its agent does not know it.</summary>
    private static IEnumerable<V1.ContainerDrift> Unassigned(
        ClusterState state, NodeRecord node, V1.Comparison answer, ImmutableSortedSet<ServiceId> services, DateTimeOffset now)
    {
        var known = answer.Known.Select(one => one.ToModel()).ToHashSet();
        foreach (var id in state.LiveByNode.GetValueOrDefault(node.Id, []))
        {
            if (known.Contains(id) || (!services.IsEmpty && !services.Contains(id.Service))) continue;
            if (state.Find(id) is not { IsWanted: true } record || now - record.CreatedAt < Young) continue;
            var name = state.Services[id.Service].Name;
            yield return new V1.ContainerDrift
            {
                Kind = V1.DriftKind.Missing, Service = name.ToWire(), Name = $"{name.Name}.{HookSlot.NameOf(id.Slot)}", Node = node.Name,
            };
        }
    }

    private static string ProblemOf(ClusterState state, NodeRecord node, V1.Comparison? answer)
    {
        if (answer is not null) return answer.Problem;
        var seen = state.NodeObservations.GetValueOrDefault(node.Id)?.State ?? NodeState.Unknown;
        return seen switch
        {
            NodeState.Ready => "does not answer this question (older than this manager, or busy)",
            NodeState.Down => "down",
            NodeState.AgentAway => "its agent is away; its containers run on",
            NodeState.EngineDown => "its Docker Engine does not answer",
            _ => "not heard of since this leader was elected",
        };
    }
}
