// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Progress;

/// <summary>What a release's verdict means for a service of it, and for the command that waits. Pure.</summary>
internal static class ReleaseVerdict
{
    /// <summary>True when it has its verdict.</summary>
    public static bool IsOver(V1.ReleaseStatus release) =>
        release.State is not (V1.ReleaseState.Applying or V1.ReleaseState.RollingBack or V1.ReleaseState.Unspecified);

    /// <summary>How the release left a service.</summary>
    public static WaitOutcome Of(V1.ReleaseStatus release, WaitTarget target)
    {
        var name = ServiceName.Parse(target.Name).Name;
        var member = release.Members.FirstOrDefault(one => one.Name == name);
        if (release.State == V1.ReleaseState.Superseded) return WaitOutcome.Superseded;
        if (name == release.Failed)
            return release.State == V1.ReleaseState.RolledBack ? WaitOutcome.RolledBack : WaitOutcome.Failed;
        return member?.State switch
        {
            V1.ReleaseMemberState.Returned => WaitOutcome.RolledBack,
            V1.ReleaseMemberState.Stuck => WaitOutcome.Failed,
            V1.ReleaseMemberState.Taken => WaitOutcome.Superseded,
            V1.ReleaseMemberState.Waiting or V1.ReleaseMemberState.Due or V1.ReleaseMemberState.Left => WaitOutcome.NotApplied,
            _ => WaitOutcome.Succeeded,
        };
    }

    /// <summary>The exit code of the command.</summary>
    public static ExitCode Of(V1.ReleaseStatus release) => release.State switch
    {
        V1.ReleaseState.Succeeded => ExitCode.Done,
        V1.ReleaseState.RolledBack => ExitCode.RolledBack,
        V1.ReleaseState.Superseded => ExitCode.Conflict,
        _ => release.Reason is { } reason ? WaitVerdict.OfReasons([reason]) : ExitCode.Failed,
    };
}
