// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Progress;

/// <summary>The failure of a release: the five parts of the service that failed, and what became of the others.</summary>
internal static class ReleaseReport
{
    /// <summary>The report's lines, without colour.</summary>
    /// <param name="what">What was asked, for example "Deploy of shop".</param>
    /// <param name="release">The release with its verdict.</param>
    /// <param name="status">The newest status of the service that failed; null: none was seen.</param>
    /// <param name="logs">The last lines of the failed allocation.</param>
    /// <param name="took">Time since the request.</param>
    public static IReadOnlyList<string> Lines(
        string what, V1.ReleaseStatus release, V1.ServiceStatus? status, IReadOnlyList<string> logs, TimeSpan took)
    {
        if (release.State == V1.ReleaseState.Superseded)
            return [$"{what} FAILED after {TimeText.Took(took)}. A newer release took its place and goes on.",
                $"  next      cluster stack history {release.Stack}"];
        var target = new WaitTarget(new ServiceName(release.Stack, release.Failed).Display, 0, false);
        var told = Told(release, status);
        var lines = FailureReport.Lines(what, target, ReleaseVerdict.Of(release, target), told, logs, took).ToList();
        lines[0] = $"{what} {Head(release)} after {TimeText.Took(took)}. {Done(release)}";
        lines.InsertRange(lines.Count - 1, Others(release));
        return lines;
    }

    // A rollout back has no reason of its own: what failed first is what counts.
    private static V1.ServiceStatus? Told(V1.ReleaseStatus release, V1.ServiceStatus? status)
    {
        if (status?.Rollout is null) return status;
        var told = status.Clone();
        if (told.Rollout.Reason is null or { Code: 0 }) told.Rollout.Reason = release.Reason;
        return told;
    }

    private static string Head(V1.ReleaseStatus release) =>
        release.State == V1.ReleaseState.RolledBack ? "FAILED and was rolled back" : "FAILED";

    private static string Done(V1.ReleaseStatus release) => release.State switch
    {
        V1.ReleaseState.RolledBack => "All services are as before.",
        V1.ReleaseState.RollbackFailed => $"The way back failed too: {Words.TextOf(release.RollbackReason)}.",
        _ => "What was changed stays as it is.",
    };

    private static IEnumerable<string> Others(V1.ReleaseStatus release)
    {
        var parts = release.Members.Where(member => member.Name != release.Failed)
            .GroupBy(Became).Where(group => group.Key.Length > 0)
            .Select(group => $"{string.Join(", ", group.Select(member => member.Name))} {group.Key}").ToList();
        return parts.Select((part, i) => $"  {(i == 0 ? "others" : "      ")}    {part}");
    }

    private static string Became(V1.ReleaseMember member) => member.State switch
    {
        V1.ReleaseMemberState.Returned when member.Made => "removed again",
        V1.ReleaseMemberState.Returned => "back to what ran before",
        V1.ReleaseMemberState.Waiting or V1.ReleaseMemberState.Due => "not touched: the turn did not come",
        V1.ReleaseMemberState.Left => "not removed",
        V1.ReleaseMemberState.Applied => "changed, and left so",
        V1.ReleaseMemberState.Stuck => "NOT back: see cluster explain",
        V1.ReleaseMemberState.Taken => "left alone: somebody else has changed it since",
        _ => "",
    };
}
