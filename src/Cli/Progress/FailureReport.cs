// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Progress;

/// <summary>A failure in five parts: what happened, where, the evidence, what was done about it, what to do next.</summary>
internal static class FailureReport
{
    private const int LogLinesMax = 5;

    /// <summary>The report's lines, without colour.</summary>
    /// <param name="what">What was asked, for example "Deploy of shop".</param>
    /// <param name="target">The service.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="status">Its newest status; null: none was seen.</param>
    /// <param name="logs">The last lines of the failed allocation, oldest first; empty: there were none.</param>
    /// <param name="took">Time since the request.</param>
    public static IReadOnlyList<string> Lines(
        string what, WaitTarget target, WaitOutcome outcome, V1.ServiceStatus? status, IReadOnlyList<string> logs, TimeSpan took)
    {
        var rollout = status?.Rollout;
        var lines = new List<string> { $"{what} {Word(outcome)} after {TimeText.Took(took)}. {Done(outcome, rollout)}",
            $"  service   {target.Name}{Where(status)}" };
        lines.AddRange(Cause(outcome, status));
        for (var i = 0; i < Math.Min(logs.Count, LogLinesMax); i++)
            lines.Add($"  {(i == 0 ? "last log" : "        ")}  {logs[logs.Count - Math.Min(logs.Count, LogLinesMax) + i]}");
        if (logs.Count == 0 && outcome is (WaitOutcome.Failed or WaitOutcome.RolledBack) && Culprit(status) is { } silent)
            lines.Add($"  last log  none: {(silent.Status?.ContainerId.Length > 0 ? "it wrote nothing" : "no container was made")}");
        lines.Add($"  next      {Next(target, status, logs)}");
        return lines;
    }

    /// <summary>The allocation that failed, as the server names it; else one that is not well.</summary>
    public static V1.AllocationView? Culprit(V1.ServiceStatus? status)
    {
        if (status is null) return null;
        var named = status.Rollout?.Failed is { ServiceId: > 0 } id ? status.Allocations.FirstOrDefault(a => a.Id.Equals(id)) : null;
        return named ?? status.Allocations
            .Where(a => AllocationText.IsNew(status, a) && !a.Available && a.Status is { Reason.Code: > 0 })
                .OrderByDescending(a => a.ChangedUnixMs).FirstOrDefault();
    }

    private static string Word(WaitOutcome outcome) => outcome switch
    {
        WaitOutcome.RolledBack => "FAILED and was rolled back",
        WaitOutcome.Aborted => "was aborted",
        _ => "FAILED",
    };

    private static string Done(WaitOutcome outcome, V1.RolloutStatus? rollout) => outcome switch
    {
        WaitOutcome.RolledBack => $"Revision {rollout?.FromRevision} runs.",
        WaitOutcome.Aborted when rollout is { GoingBack: true } => $"Revision {rollout.FromRevision} runs.",
        WaitOutcome.Aborted => "Nothing ran before; what was begun is left as it is.",
        WaitOutcome.Failed when rollout is { State: V1.RolloutState.RollbackFailed } =>
            $"The way back to revision {rollout.FromRevision} failed too: {Words.TextOf(rollout.RollbackReason)}.",
        WaitOutcome.Superseded => "A newer change took its place and goes on.",
        WaitOutcome.Gone => "The service was removed meanwhile.",
        _ when rollout is { FromRevision: > 0 } => $"It was halted; what runs of revision {rollout.FromRevision} was kept.",
        _ => "It was halted; nothing ran before.",
    };

    private static string Where(V1.ServiceStatus? status)
    {
        if (status is null) return "";
        var image = $" ({status.Image})";
        if (Culprit(status) is not { } culprit)
            return status.Rollout?.FailedNode is { Length: > 0 } node ? $"{image}, on {node}" : image;
        var container = culprit.Status?.ContainerId is { Length: > 0 } id ? $", container {(id.Length > 12 ? id[..12] : id)}" : "";
        return $"{image}, allocation {culprit.Name} on {culprit.NodeName}{container}";
    }

    private static List<string> Cause(WaitOutcome outcome, V1.ServiceStatus? status)
    {
        var lines = new List<string>();
        if (outcome is WaitOutcome.Superseded or WaitOutcome.Gone || status is null) return lines;
        var text = Words.TextOf(status.Rollout?.Reason);
        lines.Add($"  cause     {(text.Length > 0 ? text : "not known")}{Evidence(Culprit(status)?.Status)}");
        foreach (var gap in status.Unplaced)
        {
            lines.Add($"  not placed {gap.Count} of {status.Desired}: {Words.TextOf(gap.Reason)}");
            lines.AddRange(gap.Nodes.Take(10).Select(n => $"            {n.NodeName}: {Words.TextOf(n.Reason)}"));
        }

        return lines;
    }

    private static string Evidence(V1.AllocationStatus? status)
    {
        if (status is null) return "";
        var parts = new List<string>();
        if (status.HasExitCode) parts.Add($"exit {status.ExitCode}");
        if (status.OutOfMemory) parts.Add("out of memory");
        if (status.Restarts > 0) parts.Add($"{status.Restarts} restarts");
        if (status.LastProbeOutput.Length > 0 && status.ProbesFailed > 0)
            parts.Add($"last probe: {status.LastProbeOutput.ReplaceLineEndings(" ").Trim()}");
        return parts.Count == 0 ? "" : $" ({string.Join(", ", parts)})";
    }

    private static string Next(WaitTarget target, V1.ServiceStatus? status, IReadOnlyList<string> logs) =>
        logs.Count > 0 && Culprit(status) is { } hook && HookSlot.IsHook(hook.Id.Slot)
            ? $"cluster logs {target.Name}.{HookSlot.NameOf(hook.Id.Slot)}        cluster explain {target.Name}"
        : logs.Count > 0 && Culprit(status) is not null ? $"cluster logs {target.Name}        cluster explain {target.Name}"
            : $"cluster explain {target.Name}";
}
