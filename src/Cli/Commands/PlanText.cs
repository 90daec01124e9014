// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary>Plans as people read them: <c>+</c> create, <c>~</c> update, <c>-</c> remove, <c>=</c> unchanged.</summary>
internal static class PlanText
{
    /// <summary>What a new service is, in half a line.</summary>
    public static string Describe(ServiceSpec spec)
    {
        var count = spec.Mode == ServiceMode.Global ? "one on each node"
            : $"{spec.Replicas ?? 1} {(spec.Replicas is null or 1 ? "replica" : "replicas")}";
        var ports = spec.Ports.IsEmpty ? "" : $", ports {string.Join(' ', spec.Ports.Select(PortText.Format))}";
        return $"image {spec.Container.Image}, {count}{ports}";
    }

    /// <summary>What changes between two specs, in half a line; null: nothing.</summary>
    public static string? Changes(ServiceSpec before, ServiceSpec after)
    {
        // Without a number the running count is kept.
        var wanted = after.Replicas is null && after.Mode == ServiceMode.Replicated ? after with { Replicas = before.Replicas } : after;
        if (wanted.ToWire().Equals(before.ToWire())) return null;
        var parts = new List<string>();
        if (before.Container.Image != wanted.Container.Image) parts.Add($"image {before.Container.Image} → {wanted.Container.Image}");
        if (before.Mode != wanted.Mode) parts.Add($"mode {Lower(before.Mode)} → {Lower(wanted.Mode)}");
        if (before.Replicas != wanted.Replicas) parts.Add($"replicas {before.Replicas ?? 1} → {wanted.Replicas ?? 1}");
        Add(parts, "environment", Wire(before).Container.Environment, Wire(wanted).Container.Environment);
        Add(parts, "ports", Wire(before).Ports, Wire(wanted).Ports);
        Add(parts, "mounts", Wire(before).Container.Mounts, Wire(wanted).Container.Mounts);
        Add(parts, "health", Wire(before).Health, Wire(wanted).Health);
        Add(parts, "resources", Wire(before).Resources, Wire(wanted).Resources);
        Add(parts, "constraints", Wire(before).Constraints, Wire(wanted).Constraints);
        Add(parts, "restart", Wire(before).Restart, Wire(wanted).Restart);
        Add(parts, "update policy", Wire(before).Update, Wire(wanted).Update);
        if (before.Track.ToString() != wanted.Track.ToString()) parts.Add($"tracking {before.Track} → {wanted.Track}");
        else Add(parts, "tracking", before.Track, wanted.Track);
        Add(parts, "depends_on", Wire(before).DependsOn, Wire(wanted).DependsOn);
        Add(parts, "labels", Wire(before).Labels, Wire(wanted).Labels);
        return parts.Count == 0 ? "settings change" : string.Join(", ", parts);
    }

    private static V1.ServiceSpec Wire(ServiceSpec spec) => spec.ToWire();

    private static string Lower(ServiceMode mode) => mode == ServiceMode.Global ? "global" : "replicated";

    private static void Add(List<string> parts, string what, object? before, object? after)
    {
        if (!Equals(before, after)) parts.Add($"{what} change");
    }
}
