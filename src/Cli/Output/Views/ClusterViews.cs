// SPDX-License-Identifier: Apache-2.0
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>A node.</summary>
internal sealed record NodeView(
    string Name, string Id, string State, string Availability, bool Manager, bool Leader, bool ConsulServer, string Address,
    IReadOnlyDictionary<string, string> Labels,
    int Allocations, long ReservedCpuNano, long ReservedMemoryBytes, long? CpuNano, long? MemoryBytes, string? EngineVersion,
    string? AgentVersion, string? Os,
    string? Arch, string? Kernel, string? Since, string? JoinedAt, string? CertificateNotAfter, DiskView? Disk)
{
    /// <summary>From the wire.</summary>
    public static NodeView Of(V1.NodeStatus n) => new(
        n.Name, n.Id, Words.Of(n.State), Words.Of(n.Availability), n.Manager, n.Leader, n.ConsulServer, n.Address,
        new SortedDictionary<string, string>(n.Labels, StringComparer.Ordinal),
        n.Allocations, n.ReservedCpuNano, n.ReservedMemoryBytes, n.Facts?.CpuNano, n.Facts?.MemoryBytes, n.Facts?.EngineVersion,
        n.Facts?.AgentVersion,
        n.Facts?.Os, n.Facts?.Arch, n.Facts?.Kernel, TimeText.Rfc3339(n.SinceUnixMs), TimeText.Rfc3339(n.JoinedUnixMs),
        TimeText.Rfc3339(n.CertificateNotAfterUnixMs), DiskView.Of(n.Disk));
}

/// <summary>A node with what runs on it.</summary>
internal sealed record NodeDetailView(NodeView Node, IReadOnlyList<AllocationRow> Allocations);

/// <summary>Why a node takes or does not take a replica.</summary>
internal sealed record VerdictView(string Node, string NodeId, bool Fits, string? ReasonCode, string Reason, long FreeCpuNano,
    long FreeMemoryBytes, int Score)
{
    /// <summary>From the wire.</summary>
    public static VerdictView Of(V1.NodeVerdict v) => new(
        v.NodeName, v.NodeId, v.Reason is null or { Code: 0 }, Words.CodeOf(v.Reason), Words.TextOf(v.Reason), v.FreeCpuNano,
        v.FreeMemoryBytes, v.Score);
}

/// <summary>Why a service stands as it does.</summary>
internal sealed record ExplainView(ServiceView Service, string Summary, string? NearestFix, IReadOnlyList<VerdictView> Nodes,
    IReadOnlyList<AllocationRow> Allocations);

/// <summary>A join token, without its secret.</summary>
internal sealed record TokenView(string Id, bool Manager, string? ExpiresAt, int UsesLeft, string CreatedBy, string? CreatedAt,
    bool Revoked, string? Token)
{
    /// <summary>From the wire.</summary>
    /// <param name="t">The token's record.</param>
    /// <param name="token">The token itself, only when it was made just now.</param>
    public static TokenView Of(V1.TokenStatus t, string? token = null) =>
        new(t.Id, t.Manager, TimeText.Rfc3339(t.ExpiresUnixMs), t.UsesLeft, t.CreatedBy, TimeText.Rfc3339(t.CreatedUnixMs), t.Revoked,
            token);
}

/// <summary>Is all well?</summary>
internal sealed record StatusView(
    string ClusterId, bool Healthy, string Summary, string Leader, string LeaderAddress, int NodesReady, int Nodes, int ManagersReady,
    int Managers,
    int ServicesOk, int Services, int AllocationsRunning, int AllocationsDesired, bool Brake, string Version,
    IReadOnlyList<ProblemView> Problems)
{
    /// <summary>From the wire.</summary>
    public static StatusView Of(V1.ClusterStatus s) => new(
        s.ClusterId, s.Healthy, s.Summary, s.Leader, s.LeaderAddress, s.NodesReady, s.Nodes, s.ManagersReady, s.Managers, s.ServicesOk,
        s.Services,
        s.AllocationsRunning, s.AllocationsDesired, s.Brake, s.Version is { } v ? $"{v.Incarnation}.{v.Term}.{v.Number}" : "",
        [.. s.Problems.Select(ProblemView.Of)]);
}

/// <summary>One thing that is not well.</summary>
internal sealed record ProblemView(string Object, string? ReasonCode, string Reason, string? Command, string? Since)
{
    /// <summary>From the wire.</summary>
    public static ProblemView Of(V1.Problem p) =>
        new(p.Object, Words.CodeOf(p.Reason), Words.TextOf(p.Reason), p.Command.Length == 0 ? null : p.Command,
            TimeText.Rfc3339(p.SinceUnixMs));
}

/// <summary>A context, without keys.</summary>
internal sealed record ContextView(string Name, bool Current, IReadOnlyList<string> Managers, string? ClusterId, string? Operator,
    string? CertificateNotAfter);

/// <summary>A role of this machine's supervisor.</summary>
internal sealed record HostRoleView(string Name, bool Running, int? Pid, string? StartedAt, bool Stopped, string? Version);

/// <summary>Something that stands in the way of a machine's being a node.</summary>
internal sealed record CheckView(string Check, bool Blocks, string Problem, string? Remedy);

/// <summary>The version of this program.</summary>
internal sealed record VersionView(string Client, string Runtime);
