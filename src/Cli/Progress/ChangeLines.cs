// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Progress;

/// <summary>Progress without a terminal: one line with the time for each change, no cursor codes, nothing twice.</summary>
/// <param name="output">Where to.</param>
/// <param name="time">The clock.</param>
internal sealed class ChangeLines(TextWriter output, TimeProvider time) : IProgressView
{
    private readonly Dictionary<string, string> _last = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private bool _isFirst = true;

    /// <inheritdoc/>
    public void Show(V1.ServicesSnapshot snapshot, RolloutTracker tracker)
    {
        foreach (var status in snapshot.Services) Service(status);
        foreach (var target in tracker.Targets.Where(t => tracker.OutcomeOf(t) != WaitOutcome.Pending))
            if (_ended.Add(target.Name)) Write(tracker.OutcomeOf(target) == WaitOutcome.Failed ? "FAILED" : "done", End(target, tracker));
        _isFirst = false;
    }

    /// <inheritdoc/>
    public void End() => output.Flush();

    /// <summary>One line, now.</summary>
    public void Write(string label, string text) => output.WriteLine($"{TimeText.Clock(time)} {label,-8} {text}");

    private void Service(V1.ServiceStatus status)
    {
        var name = Words.NameOf(status.Name);
        if (status.Rollout is { State: V1.RolloutState.Running, Phase.Length: > 0 } rollout) OnChange($"phase {name}", rollout.Phase, name);
        foreach (var allocation in status.Allocations) Allocation(name, status, allocation);
        var gaps = string.Join("; ", status.Unplaced.Select(u => $"{u.Count} of {status.Desired} not placed: {Words.TextOf(u.Reason)}"));
        if (gaps.Length > 0) OnChange($"gap {name}", "waiting", $"{name}: {gaps}");
    }

    private void Allocation(string service, V1.ServiceStatus status, V1.AllocationView allocation)
    {
        var (word, reason) = AllocationText.Of(allocation);
        var key = $"{service} {allocation.Id}";
        var text = $"{Prefixed(service, allocation.Name)} on {allocation.NodeName}{(reason.Length > 0 ? $": {reason}" : "")}";
        // What ran before is news only when it changes.
        if (_isFirst && !AllocationText.IsNew(status, allocation)) _last[key] = $"{word} {text}";
        else OnChange(key, word, text);
    }

    private void OnChange(string key, string label, string text)
    {
        var line = $"{label} {text}";
        if (_last.TryGetValue(key, out var last) && last == line) return;
        _last[key] = line;
        Write(label, text);
    }

    private static string End(WaitTarget target, RolloutTracker tracker)
    {
        var status = tracker.StatusOf(target);
        return tracker.OutcomeOf(target) switch
        {
            WaitOutcome.Succeeded when target.IsRemoval => $"{target.Name} removed",
            WaitOutcome.Succeeded => $"{target.Name} {status?.Running}/{status?.Desired} running",
            WaitOutcome.Failed => $"{target.Name}: {Words.TextOf(status?.Rollout?.Reason)}",
            WaitOutcome.Superseded => $"{target.Name}: a newer change took its place",
            _ => $"{target.Name} was removed by somebody else",
        };
    }

    /// <summary>An allocation's name with its stack.</summary>
    internal static string Prefixed(string service, string allocation)
    {
        var slash = service.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 || allocation.Contains('/', StringComparison.Ordinal) ? allocation : $"{service[..(slash + 1)]}{allocation}";
    }
}
