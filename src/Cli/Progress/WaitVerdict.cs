// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Progress;

/// <summary>From how the targets ended to the exit code: one place.</summary>
internal static class WaitVerdict
{
    /// <summary>The exit code of all targets together: done only if all are; a code of its own only if all failures share it.</summary>
    public static ExitCode Of(RolloutTracker tracker)
    {
        if (tracker.Release is { } release && ReleaseVerdict.Of(release) is not ExitCode.Done and var verdict) return verdict;
        var codes = tracker.Targets.Select(t => Of(tracker.OutcomeOf(t), tracker.StatusOf(t))).Where(c => c != ExitCode.Done).Distinct()
            .ToArray();
        return codes.Length switch { 0 => ExitCode.Done, 1 => codes[0], _ => ExitCode.Failed };
    }

    /// <summary>The exit code of one target.</summary>
    public static ExitCode Of(WaitOutcome outcome, V1.ServiceStatus? status) => outcome switch
    {
        WaitOutcome.Succeeded => ExitCode.Done,
        WaitOutcome.Pending => ExitCode.OutcomeUnknown,
        WaitOutcome.RolledBack => ExitCode.RolledBack,
        WaitOutcome.Aborted => status?.Rollout?.GoingBack == true ? ExitCode.RolledBack : ExitCode.Failed,
        WaitOutcome.Superseded or WaitOutcome.Gone => ExitCode.Conflict,
        _ => IsPlacement(status) ? ExitCode.CannotBePlaced : ExitCode.Failed,
    };

    /// <summary>The exit code of what would fail by these reasons: one of its own only if they share it.</summary>
    public static ExitCode OfReasons(IEnumerable<V1.Reason> reasons)
    {
        var codes = reasons.Select(reason => IsPlacement((ReasonCode)reason.Code) ? ExitCode.CannotBePlaced : ExitCode.Failed)
            .Distinct().ToArray();
        return codes.Length switch { 0 => ExitCode.Done, 1 => codes[0], _ => ExitCode.Failed };
    }

    // A deadline that passed over replicas which nobody could take is a matter of placement too.
    private static bool IsPlacement(V1.ServiceStatus? status)
    {
        var code = (ReasonCode)(status?.Rollout?.Reason?.Code ?? 0);
        return IsPlacement(code) || (code == ReasonCode.ProgressDeadline
            && status!.Unplaced.Any(u => IsPlacement((ReasonCode)(u.Reason?.Code ?? 0))));
    }

    // An image that a node lacks and a failure on a node are what their names say, and no matter of room.
    private static bool IsPlacement(ReasonCode code) => code switch
    {
        ReasonCode.ImageNotOnNode or ReasonCode.FailedHere => false,
        >= ReasonCode.ConstraintNotMet and <= ReasonCode.DiskPressure => true,
        ReasonCode.PortTaken or ReasonCode.NoNodeMatches or ReasonCode.NoNodeFreeNow or ReasonCode.NoReadyNode => true,
        _ => false,
    };
}
