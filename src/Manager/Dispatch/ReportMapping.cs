// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Dispatch;

/// <summary>Agents' reports to the engine's events. Agents report ages; the leader's clock turns them into times.</summary>
internal static class ReportMapping
{
    private const int TextLengthMax = 512;
    private static readonly long UnixMsMax = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static ImmutableArray<AllocationReport> ToReports(IEnumerable<V1.AllocationStatus> statuses, DateTimeOffset now) =>
        [.. statuses.Where(status => status.Id is not null && Enum.IsDefined((AllocationState)status.State))
            .Select(status => ToReport(status, now))];

    public static V1.AllocationStatus ToWire(AllocationId id, AllocationObservation seen, DateTimeOffset now)
    {
        var wire = new V1.AllocationStatus
        {
            Id = id.ToWire(), State = (V1.AllocationState)seen.State, Health = (V1.HealthState)seen.Health, Attempt = seen.Attempt,
            Restarts = seen.Restarts,
            ContainerId = seen.ContainerId, ImageId = seen.ImageId, Reason = ToWire(seen.Reason), OutOfMemory = seen.OutOfMemory,
            StateAgeMs = Math.Max(0, (long)(now - seen.ChangedAt).TotalMilliseconds),
            NextAttemptInMs = seen.NextAttemptAt is { } next ? Math.Max(0, (long)(next - now).TotalMilliseconds) : 0,
            ProbesPassed = seen.ProbesPassed, ProbesFailed = seen.ProbesFailed, LastProbeOutput = seen.LastProbeOutput,
            Registered = seen.Registered, Finished = seen.Finished,
        };
        if (seen.ExitCode is { } code) wire.ExitCode = code;
        wire.HostPorts.AddRange(seen.HostPorts.Select(port => new V1.HostPort
        {
            Target = port.Target, Published = port.Published, Protocol = (V1.PortProtocol)port.Protocol,
        }));
        return wire;
    }

    public static V1.Reason? ToWire(Reason? reason) =>
        reason is null ? null : new V1.Reason { Code = (int)reason.Code, Text = reason.Text };

    public static Reason? ToModel(V1.Reason? wire) =>
        wire is null || wire.Code == 0 ? null
            : new Reason(Enum.IsDefined((ReasonCode)wire.Code) ? (ReasonCode)wire.Code : ReasonCode.EngineError, Shorten(wire.Text));

    /// <summary>What an agent says of an image that it is to have. What is not understood asks for no more of it.</summary>
    public static PullAnswer ToModel(V1.ImagePulled wire)
    {
        var state = Enum.IsDefined((PullState)wire.State) ? (PullState)wire.State : PullState.Skipped;
        var failure = state != PullState.Failed ? null
            : ToModel(wire.Failure) ?? new Reason(ReasonCode.PullFailed, "the image could not be pulled");
        return new PullAnswer(state, Math.Max(0, wire.Progress), failure);
    }

    /// <summary>A node's disk; null: nothing was said.</summary>
    public static DiskObservation? ToModel(V1.DiskStatus? wire) => wire is not { SizeBytes: > 0 } ? null : new DiskObservation
    {
        FreeBytes = Math.Clamp(wire.FreeBytes, 0, wire.SizeBytes), SizeBytes = wire.SizeBytes, IsPressed = wire.Pressed,
        SweptAt = wire.SweptUnixMs > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(wire.SweptUnixMs, UnixMsMax)) : null,
        SweptImages = Math.Max(0, wire.SweptImages), SweptBytes = Math.Max(0, wire.SweptBytes),
    };

    public static V1.DiskStatus ToWire(DiskObservation disk) => new()
    {
        FreeBytes = disk.FreeBytes, SizeBytes = disk.SizeBytes, Pressed = disk.IsPressed,
        SweptUnixMs = disk.SweptAt?.ToUnixTimeMilliseconds() ?? 0, SweptImages = disk.SweptImages, SweptBytes = disk.SweptBytes,
    };

    private static AllocationReport ToReport(V1.AllocationStatus status, DateTimeOffset now) =>
        new(status.Id.ToModel(), new AllocationObservation
    {
        State = (AllocationState)status.State,
        Health = Enum.IsDefined((HealthState)status.Health) ? (HealthState)status.Health : HealthState.Unknown,
        Attempt = status.Attempt, Restarts = status.Restarts, ContainerId = status.ContainerId, ImageId = status.ImageId,
        HostPorts = [.. status.HostPorts.Select(port => new HostPort(port.Target, port.Published, (PortProtocol)port.Protocol))],
        Reason = ToModel(status.Reason),
        ExitCode = status.HasExitCode ? status.ExitCode : null,
        OutOfMemory = status.OutOfMemory,
        ChangedAt = now - Age(status.StateAgeMs),
        NextAttemptAt = status.NextAttemptInMs > 0 ? now + Age(status.NextAttemptInMs) : null,
        ProbesPassed = status.ProbesPassed, ProbesFailed = status.ProbesFailed, LastProbeOutput = Shorten(status.LastProbeOutput),
        Registered = status.Registered, Finished = status.Finished,
    });

    private static TimeSpan Age(long milliseconds) =>
        TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, (long)TimeSpan.FromDays(3650).TotalMilliseconds));

    private static string Shorten(string text) => text.Length <= TextLengthMax ? text : text[..TextLengthMax];
}
