// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Progress;

/// <summary>Progress without a terminal: one line with the time for each change, no cursor codes, nothing twice.</summary>
/// <param name="output">Where to.</param>
/// <param name="time">The clock.</param>
internal sealed class ChangeLines(TextWriter output, TimeProvider time) : IProgressView
{
    // Shorter than this, a state or a gap on the way to the next one is not worth a line.
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(700);

    private readonly Dictionary<string, AllocationLine> _allocations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Since, string Text)> _gaps = new(StringComparer.Ordinal);
    private readonly HashSet<string> _gapsTold = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Since, string Text)> _pulls = new(StringComparer.Ordinal);
    private readonly HashSet<string> _turned = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private bool _isFirst = true;

    /// <inheritdoc/>
    public void Show(V1.ServicesSnapshot snapshot, RolloutTracker tracker)
    {
        var targets = tracker.Targets.ToDictionary(t => t.Name, StringComparer.Ordinal);
        foreach (var status in snapshot.Services)
            if (targets.TryGetValue(Words.NameOf(status.Name), out var target)) Service(target, status);
        Tick();
        foreach (var target in tracker.Targets.Where(t => tracker.OutcomeOf(t) != WaitOutcome.Pending)) End(target, tracker);
        _isFirst = false;
    }

    /// <inheritdoc/>
    public void Tick()
    {
        foreach (var line in _allocations.Values)
            if (line.Due(time.GetElapsedTime(line.Since) >= Settled) is { } due) Write(due.Word, due.Text);
        foreach (var (service, gap) in _gaps)
            if (time.GetElapsedTime(gap.Since) >= Settled && _gapsTold.Add($"{service} {gap.Text}"))
                Write("waiting", $"{service}: {gap.Text}");
        foreach (var (service, pull) in _pulls)
            if (time.GetElapsedTime(pull.Since) >= Settled && _gapsTold.Add($"{service} {pull.Text}")) Write("pulling", pull.Text);
    }

    /// <inheritdoc/>
    public void End() => output.Flush();

    private void Write(string label, string text) => output.WriteLine($"{TimeText.Clock(time)} {label,-8} {text}");

    private void Service(WaitTarget target, V1.ServiceStatus status)
    {
        foreach (var allocation in status.Allocations.Where(one => !HookSlot.IsHook(one.Id.Slot)))
        {
            var key = $"{target.Name} {allocation.Id}";
            if (!_allocations.TryGetValue(key, out var line))
            {
                var isOlder = IsOlder(target, status, allocation);
                // It stops because of an earlier command.
                if (isOlder && !target.IsRemoval && allocation.Status?.State >= V1.AllocationState.Stopping) continue;
                _allocations[key] = line = new AllocationLine(Prefixed(target.Name, allocation.Name), isOlder);
            }

            line.Saw(allocation, time.GetTimestamp());
        }

        Turned(target, status.Rollout);
        Hooks(target, status.Rollout);
        Pulls(target, status.Rollout);
        Steps(target, status.Rollout);
        var gap = status.Unplaced.FirstOrDefault(u => !IsPassing(u.Reason));
        if (gap is null) _gaps.Remove(target.Name);
        else if (!_gaps.TryGetValue(target.Name, out var known) || known.Text != Words.TextOf(gap.Reason))
            _gaps[target.Name] = (time.GetTimestamp(), Words.TextOf(gap.Reason));
    }

    // It has failed already; what follows is the way back.
    private void Turned(WaitTarget target, V1.RolloutStatus? rollout)
    {
        if (rollout is not { GoingBack: true } || rollout.Number != target.Rollout || target.IsUnchanged) return;
        if (!_turned.Add(target.Name)) return;
        if (!target.IsAbort) Write("FAILED", $"{target.Name}: {Words.TextOf(rollout.Reason)}");
        Write("rollback", $"{target.Name} goes back to revision {rollout.FromRevision}");
    }

    // A hook that failed is told as the rollout's reason.
    private void Hooks(WaitTarget target, V1.RolloutStatus? rollout)
    {
        if (rollout?.Number != target.Rollout) return;
        foreach (var (kind, hook) in HookWords.Begun(rollout))
            if (hook.State != V1.HookState.Failed && _gapsTold.Add($"{target.Name} {kind} {hook.Id} {hook.State}"))
                Write("hook", hook.State == V1.HookState.Running
                    ? $"{target.Name}: {HookSlot.Word(kind)} on {hook.NodeName}" : $"{target.Name}: {HookWords.Of(kind, hook)}");
    }

    // Before anything is touched the nodes get the image.
    private void Pulls(WaitTarget target, V1.RolloutStatus? rollout)
    {
        if (rollout is not { PullNodes: > 0 } || rollout.Number != target.Rollout) _pulls.Remove(target.Name);
        else
        {
            var text = $"{target.Name}: {rollout.PulledNodes}/{rollout.PullNodes} nodes have the image";
            if (_pulls.GetValueOrDefault(target.Name).Text != text) _pulls[target.Name] = (time.GetTimestamp(), text);
        }
    }

    // Each step of a canary once when it begins, and once when it waits for somebody.
    private void Steps(WaitTarget target, V1.RolloutStatus? rollout)
    {
        if (rollout is not { Step: > 0, PullNodes: 0 } || rollout.Number != target.Rollout) return;
        if (_gapsTold.Add($"{target.Name} step {rollout.Step}"))
            Write("canary", $"{target.Name}: step {rollout.Step} of {rollout.Steps}: {rollout.StepReplicas} of revision "
                + $"{rollout.ToRevision}");
        if (rollout is { HeldMs: 0, WaitsFor.Length: > 0 } && _gapsTold.Add($"{target.Name} step {rollout.Step} waits"))
            Write("waiting", $"{target.Name}: step {rollout.Step} waits for {rollout.WaitsFor}");
    }

    // What ran before the command is news only when it changes. Both times are of the manager's clock.
    private bool IsOlder(WaitTarget target, V1.ServiceStatus status, V1.AllocationView allocation)
    {
        if (target.IsRemoval || (target.IsUnchanged && allocation.Available)) return true;
        if (allocation.CreatedUnixMs > 0 && status.Rollout is { StartedUnixMs: > 0 } rollout && rollout.Number >= target.Rollout)
            return allocation.CreatedUnixMs < rollout.StartedUnixMs;
        return _isFirst && (!AllocationText.IsNew(status, allocation) || status.Rollout?.Number < target.Rollout);
    }

    // It passes by itself within seconds, and nobody can do anything about it.
    private static bool IsPassing(V1.Reason? reason) =>
        (ReasonCode)(reason?.Code ?? 0) is ReasonCode.None or ReasonCode.ImageBeingResolved or ReasonCode.LeaderSettling
            or ReasonCode.WaitsForHook;

    private void End(WaitTarget target, RolloutTracker tracker)
    {
        var outcome = tracker.OutcomeOf(target);
        if (!_ended.Add(target.Name) || (_isFirst && target.IsUnchanged && outcome == WaitOutcome.Succeeded)) return;
        Write(outcome == WaitOutcome.Failed ? "FAILED" : "done", EndText(target, outcome, tracker.StatusOf(target)));
    }

    private static string EndText(WaitTarget target, WaitOutcome outcome, V1.ServiceStatus? status) => outcome switch
    {
        WaitOutcome.Succeeded when target.IsRemoval => $"{target.Name} removed",
        WaitOutcome.RolledBack or WaitOutcome.Aborted when status?.Rollout is { GoingBack: true } rollout =>
            $"{target.Name} {status.Running}/{status.Desired} running on revision {rollout.FromRevision} again",
        WaitOutcome.Aborted => $"{target.Name} was aborted",
        WaitOutcome.Succeeded => $"{target.Name} {status?.Running}/{status?.Desired} running",
        WaitOutcome.Failed => $"{target.Name}: {Words.TextOf(status?.Rollout?.Reason)}",
        WaitOutcome.Superseded => $"{target.Name}: a newer change took its place",
        _ => $"{target.Name} was removed by somebody else",
    };

    /// <summary>An allocation's name with its stack.</summary>
    internal static string Prefixed(string service, string allocation)
    {
        var slash = service.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 || allocation.Contains('/', StringComparison.Ordinal) ? allocation : $"{service[..(slash + 1)]}{allocation}";
    }
}
