// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Images;
using ClusterManager.Agent.Node;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Session;

/// <summary>The agent's own records to and from the wire. Pure.</summary>
internal static class AgentWire
{
    /// <summary>An update from the wire; null when the message is not of our form (no cluster id or no kind).</summary>
    public static AssignmentUpdate? ToModel(this V1.Assignments wire)
    {
        if (!ClusterId.TryParse(wire.ClusterId, out var cluster)) return null;
        if (wire.Kind is not (V1.Assignments.Types.Kind.Complete or V1.Assignments.Types.Kind.Incremental)) return null;
        return new AssignmentUpdate
        {
            Cluster = cluster,
            IsComplete = wire.Kind == V1.Assignments.Types.Kind.Complete,
            From = wire.FromVersion.ToModel(),
            To = wire.ToVersion.ToModel(),
            Upserts = [.. wire.Upserts.Select(ToModel)],
            Removals = [.. wire.Removals.Select(r => r.ToModel())],
        };
    }

    /// <summary>A book as the complete update that would make it, without any credentials: what the disk keeps.</summary>
    public static V1.Assignments ToWire(this AssignmentBook book, ClusterId cluster) => new()
    {
        Kind = V1.Assignments.Types.Kind.Complete,
        ClusterId = cluster.ToString(),
        ToVersion = book.Version.ToWire(),
        KeepOrphans = book.KeepsOrphans,
        Upserts = { book.Items.Values.Select(ToWire) },
    };

    /// <summary>What the manager is told of the engine's disk.</summary>
    public static V1.DiskStatus ToWire(this DiskReport disk) => new()
    {
        FreeBytes = disk.Space.FreeBytes, SizeBytes = disk.Space.SizeBytes, Pressed = disk.IsPressed,
        SweptUnixMs = disk.Swept?.At.ToUnixTimeMilliseconds() ?? 0, SweptImages = disk.Swept?.Images ?? 0,
        SweptBytes = disk.Swept?.Bytes ?? 0,
    };

    /// <summary>What the manager is told of one allocation.</summary>
    /// <param name="view">What is known.</param>
    /// <param name="isPassing">Its entry in Consul is passing, and by the service's own name.</param>
    /// <param name="now">The agent's clock.</param>
    public static V1.AllocationStatus ToWire(this AllocationView view, bool isPassing, TimeSpan now)
    {
        var facts = view.Facts;
        var status = new V1.AllocationStatus
        {
            Id = facts.Id.ToWire(),
            State = (V1.AllocationState)facts.State,
            Health = (V1.HealthState)facts.Health,
            Attempt = facts.History.Attempt,
            Restarts = facts.History.Restarts,
            ContainerId = facts.ContainerId,
            ImageId = facts.ImageId,
            HostPorts = { facts.HostPorts.Select(ToWire) },
            Reason = facts.Reason?.ToWire(),
            OutOfMemory = facts.OutOfMemory,
            StateAgeMs = Milliseconds(now - facts.ChangedAt),
            NextAttemptInMs = facts.NextAttemptAt is { } next ? Milliseconds(next - now) : 0,
            ProbesPassed = facts.Probes?.Passed ?? 0,
            ProbesFailed = facts.Probes?.Failed ?? facts.EngineProbesFailed,
            LastProbeOutput = facts.ProbeOutput,
            Registered = isPassing,
            Finished = facts.IsFinished,
        };
        if (facts.ExitCode is { } code) status.ExitCode = code;
        return status;
    }

    /// <summary>A reason to the wire.</summary>
    public static V1.Reason ToWire(this Reason reason) => new() { Code = (int)reason.Code, Text = reason.Text };

    /// <summary>What the node is.</summary>
    public static V1.NodeFacts ToWire(this NodeDescription node) => new()
    {
        Hostname = node.Hostname,
        Os = node.Os,
        Arch = node.Arch,
        CpuNano = node.CpuNano,
        MemoryBytes = node.MemoryBytes,
        EngineVersion = node.EngineVersion,
        AgentVersion = node.AgentVersion,
        AdvertiseAddress = node.AdvertiseAddress,
        Kernel = node.Kernel,
        LiveRestore = node.LiveRestore,
        CgroupVersion = node.CgroupVersion,
    };

    private static V1.HostPort ToWire(HostPort port) =>
        new() { Target = port.Target, Published = port.Published, Protocol = (V1.PortProtocol)port.Protocol };

    private static Assignment ToModel(V1.Assignment wire) => new()
    {
        Id = wire.Id.ToModel(),
        Desired = wire.Desired == V1.DesiredState.Unspecified ? DesiredState.Run : (DesiredState)wire.Desired,
        Revision = wire.Revision,
        Spec = wire.Spec.ToModel(),
        Image = wire.Image,
        ImageIsId = wire.ImageIsId,
        TemplateHash = wire.TemplateHash,
        Exclusive = wire.Exclusive,
        IsStray = wire.Stray,
        Colour = (Colour)wire.Colour,
        RegistryAuth = wire.Auth is { Encoded.Length: > 0 } auth ? auth.Encoded : null,
    };

    /// <summary>An assignment without its credentials.</summary>
    public static V1.Assignment ToWire(this Assignment assignment) => new()
    {
        Id = assignment.Id.ToWire(),
        Desired = (V1.DesiredState)assignment.Desired,
        Revision = assignment.Revision,
        Spec = assignment.Spec.ToWire(),
        Image = assignment.Image,
        ImageIsId = assignment.ImageIsId,
        TemplateHash = assignment.TemplateHash,
        Exclusive = assignment.Exclusive,
        Stray = assignment.IsStray,
        Colour = (V1.Colour)assignment.Colour,
    };

    private static long Milliseconds(TimeSpan duration) => Math.Max(0, (long)duration.TotalMilliseconds);
}
