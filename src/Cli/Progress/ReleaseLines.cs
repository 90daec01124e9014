// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Progress;

/// <summary>A release's own news without a terminal: who waits for whom, who is done, and that it goes back. Each once.</summary>
/// <param name="write">Takes a label and a text.</param>
internal sealed class ReleaseLines(Action<string, string> write)
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>Tells what is new.</summary>
    public void Show(V1.ReleaseStatus release, Func<string, V1.ServiceStatus?> statusOf)
    {
        foreach (var member in release.Members)
        {
            var name = new ServiceName(release.Stack, member.Name).Display;
            if (member.WaitsFor.Length > 0) Tell("waiting", $"{name} waits for {member.WaitsFor}");
            if (member.State == V1.ReleaseMemberState.Applied && statusOf(name) is { } status
                && status.Rollout?.Number == member.Rollout && status.Rollout.State == V1.RolloutState.Succeeded)
                Tell("done", $"{name} {status.Running}/{status.Desired} running");
            if (member.State == V1.ReleaseMemberState.Returned)
                Tell("done", member.Made ? $"{name} removed again" : $"{name} is as before");
        }

        if (release.State == V1.ReleaseState.RollingBack)
            Tell("rollback", $"release {release.Number} of {release.Stack} goes back, since {release.Failed} failed");
    }

    private void Tell(string label, string text)
    {
        if (_told.Add(text)) write(label, text);
    }
}
