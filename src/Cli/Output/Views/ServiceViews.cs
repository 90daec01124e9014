// SPDX-License-Identifier: Apache-2.0
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>A service in lists. The property names are the keys of <c>-o json</c> and stay.</summary>
internal sealed record ServiceView(
    string Name, string Stack, string Service, string Mode, int Running, int Desired, string Image, int Revision,
    IReadOnlyList<string> Ports,
    string? UpdatedAt, string State, string? Reason, RolloutView? Rollout, IReadOnlyList<UnplacedView> Unplaced)
{
    /// <summary>From the wire.</summary>
    public static ServiceView Of(V1.ServiceStatus status)
    {
        var (state, reason) = ServiceState.Of(status);
        return new ServiceView(
            Words.NameOf(status.Name), status.Name.Stack, status.Name.Name, Words.Of(status.Mode), status.Running, status.Desired,
            status.Image, status.Revision,
            [.. status.Ports.Select(Words.PortOf)], TimeText.Rfc3339(status.UpdatedUnixMs), state, reason.Length == 0 ? null : reason,
            status.Rollout is { Number: > 0 } rollout ? RolloutView.Of(rollout) : null, [.. status.Unplaced.Select(UnplacedView.Of)]);
    }
}

/// <summary>A rollout.</summary>
internal sealed record RolloutView(int Number, string State, int FromRevision, int ToRevision, string? StartedAt, string? EndedAt,
    string? ReasonCode, string? Reason, string? FailedNode = null, bool GoingBack = false, bool Paused = false,
    string? RollbackReason = null, string? Phase = null, int PullNodes = 0, int PulledNodes = 0,
    int Step = 0, int Steps = 0, int StepReplicas = 0, string? WaitsFor = null, string? PreDeploy = null, string? PostDeploy = null,
    int LeadsTo = 0, string? KeptFor = null)
{
    /// <summary>From the wire.</summary>
    public static RolloutView Of(V1.RolloutStatus r) => new(
        r.Number, Words.Of(r.State), r.FromRevision, r.ToRevision, TimeText.Rfc3339(r.StartedUnixMs), TimeText.Rfc3339(r.EndedUnixMs),
        Words.CodeOf(r.Reason), Words.TextOf(r.Reason) is { Length: > 0 } text ? text : null,
        r.FailedNode.Length == 0 ? null : r.FailedNode, r.GoingBack, r.Paused,
        Words.TextOf(r.RollbackReason) is { Length: > 0 } why ? why : null, r.Phase.Length == 0 ? null : r.Phase, r.PullNodes,
        r.PulledNodes, r.Step, r.Steps, r.StepReplicas, r.WaitsFor.Length == 0 ? null : r.WaitsFor,
        r.PreDeploy is { } pre ? HookWords.StateOf(pre) : null, r.PostDeploy is { } post ? HookWords.StateOf(post) : null,
        r.LeadsTo, r.KeepMs == 0 ? null : TimeText.Span(TimeSpan.FromMilliseconds(r.KeepMs)));
}

/// <summary>Replicas that no node can take.</summary>
internal sealed record UnplacedView(int Count, string? ReasonCode, string Reason, string? Since)
{
    /// <summary>From the wire.</summary>
    public static UnplacedView Of(V1.UnplacedStatus u) =>
        new(u.Count, Words.CodeOf(u.Reason), Words.TextOf(u.Reason), TimeText.Rfc3339(u.SinceUnixMs));
}

/// <summary>A placed replica.</summary>
internal sealed record AllocationRow(
    string Name, string Id, int Revision, string Node, string NodeId, string NodeAddress, string State, string Desired, string Health,
    int Restarts, string? Since,
    string? ContainerId, int? ExitCode, bool OutOfMemory, string? ReasonCode, string? Reason, IReadOnlyList<string> Ports, bool Available,
    bool Ended, string? Colour = null)
{
    /// <summary>From the wire.</summary>
    public static AllocationRow Of(V1.AllocationView a)
    {
        var status = a.Status;
        return new AllocationRow(
            a.Name, $"{a.Id?.ServiceId}-{a.Id?.Slot}-{a.Id?.Generation}", a.Revision, a.NodeName, a.NodeId, a.NodeAddress,
            status is null ? "assigned" : Words.Of(status.State), Words.Of(a.Desired), status is null ? "-" : HealthText(status),
            status?.Restarts ?? 0,
            TimeText.Rfc3339(a.ChangedUnixMs), status?.ContainerId is { Length: > 0 } id ? id : null,
            status is { HasExitCode: true } ? status.ExitCode : null, status?.OutOfMemory ?? false, Words.CodeOf(status?.Reason),
            Words.TextOf(status?.Reason) is { Length: > 0 } text ? text : null,
            [.. (status?.HostPorts ?? []).Select(p => $"{a.NodeAddress}:{p.Published}→{p.Target}/{Words.Of(p.Protocol)}")], a.Available,
            a.Ended, ColourOf(a));
    }

    /// <summary>Of a service with two colours, what the name does not lead to; null: it does, or there is one only.</summary>
    public static string? ColourOf(V1.AllocationView a) => a.Ended ? null : a.Colour switch
    {
        V1.Colour.Green => "green",
        V1.Colour.Kept => "kept",
        _ => null,
    };

    private static string HealthText(V1.AllocationStatus status) => status.Health switch
    {
        V1.HealthState.Unhealthy => $"unhealthy ({status.ProbesFailed} failed)",
        V1.HealthState.Unknown when status.ProbesFailed > 0 => $"starting ({status.ProbesFailed} failed)",
        V1.HealthState.None or V1.HealthState.Unspecified => "-",
        var health => Words.Of(health),
    };
}

/// <summary>A stack.</summary>
internal sealed record StackView(
    string Name, int Services, int Release, int Running, int Desired, string? UpdatedAt, string? State, string? Failed)
{
    /// <summary>From the wire.</summary>
    public static StackView Of(V1.StackStatus s) =>
        new(s.Name, s.Services, s.Release, s.Running, s.Desired, TimeText.Rfc3339(s.UpdatedUnixMs),
            s.State == V1.ReleaseState.Unspecified ? null : Words.Of(s.State), s.Failed.Length == 0 ? null : s.Failed);
}

/// <summary>One service that a command changed.</summary>
internal sealed record AppliedView(string Name, string Change, int Revision, int Rollout)
{
    /// <summary>From the wire.</summary>
    public static AppliedView Of(V1.AppliedService a) => new(Words.NameOf(a.Name), Words.Of(a.Change), a.Revision, a.Rollout);
}
