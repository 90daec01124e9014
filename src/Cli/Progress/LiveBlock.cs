// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Progress;

/// <summary>Progress in a terminal: a line or two for each service, redrawn in place; services that are done fold into a count when the
/// screen is too low.</summary>
/// <param name="environment">The terminal.</param>
/// <param name="style">Its colour.</param>
internal sealed class LiveBlock(CliEnvironment environment, Style style) : IProgressView
{
    private readonly Dictionary<string, V1.ServiceStatus> _services = new(StringComparer.Ordinal);
    private IReadOnlyList<string> _drawn = [];

    /// <inheritdoc/>
    public void Show(V1.ServicesSnapshot snapshot, RolloutTracker tracker)
    {
        foreach (var status in snapshot.Services) _services[Words.NameOf(status.Name)] = status;
        Draw(Lines(tracker));
    }

    /// <inheritdoc/>
    public void Tick()
    {
        // The block shows how things stand, and that has not changed.
    }

    /// <inheritdoc/>
    public void End() => _drawn = [];

    /// <summary>The block's lines, without colour and cursor codes.</summary>
    internal IReadOnlyList<string> Lines(RolloutTracker tracker)
    {
        var room = Math.Max(3, environment.Height - 2);
        var all = tracker.Targets.Select(t => (Target: t, Lines: Service(t, tracker))).ToArray();
        if (all.Sum(x => x.Lines.Count) <= room) return [.. all.SelectMany(x => x.Lines)];
        var done = all.Count(x => tracker.OutcomeOf(x.Target) == WaitOutcome.Succeeded);
        var rest = all.Where(x => tracker.OutcomeOf(x.Target) != WaitOutcome.Succeeded).SelectMany(x => x.Lines).ToArray();
        var shown = rest.Length > room - 1 ? rest.Take(room - 2).Append(Cut($"… and {rest.Length - room + 2} more lines")) : rest;
        return [Cut($"{done} of {all.Length} services done"), .. shown];
    }

    private List<string> Service(WaitTarget target, RolloutTracker tracker)
    {
        var status = tracker.StatusOf(target) ?? _services.GetValueOrDefault(target.Name);
        if (target.IsRemoval)
            return [Cut($"{target.Name}  {(tracker.OutcomeOf(target) == WaitOutcome.Succeeded ? "removed" : Stopping(status))}")];
        if (status is null) return [Cut($"{target.Name}  waiting for the cluster")];
        var own = status.Allocations.Where(a => AllocationText.IsNew(status, a) && !a.Ended && !HookSlot.IsHook(a.Id.Slot))
            .OrderBy(a => a.Id.Slot).ToArray();
        var up = own.Count(a => a.Available);
        var states = string.Join("   ", own.Select(a => $"{a.Name} {AllocationText.Of(a).Word}"));
        var isPulling = status.Rollout is { PullNodes: > 0 };
        var isHook = status.Rollout is { } going && HookWords.UnderWay(going) is not null;
        var phase = (own.Length == 0 || isPulling || isHook) && status.Rollout is { Phase.Length: > 0 } rollout
            ? RolloutWords.PhaseOf(rollout) : states;
        var turn = status.Rollout is { GoingBack: true } back ? $"back to revision {back.FromRevision}  "
            : status.Rollout is { Paused: true } ? "paused  " : "";
        var lines = new List<string> { Cut($"{target.Name}  [{up}/{status.Desired}]  {turn}{phase}") };
        if (status.Rollout is { Step: > 0 } canary && !isPulling) lines.Add(Cut($"  {RolloutWords.PhaseOf(canary)}"));
        if (status.Rollout is { GoingBack: true, Reason: { } why }) lines.Add(Cut($"  FAILED: {Words.TextOf(why)}"));
        foreach (var allocation in own)
            if (AllocationText.Of(allocation).Reason is { Length: > 0 } reason)
                lines.Add(Cut($"  {allocation.Name} on {allocation.NodeName}: {reason}"));
        foreach (var gap in status.Unplaced) lines.Add(Cut($"  {gap.Count} not placed: {Words.TextOf(gap.Reason)}"));
        return lines;
    }

    private static string Stopping(V1.ServiceStatus? status) => status is null ? "stopping"
        : $"stopping, {status.Allocations.Count(a => !a.Ended)} left";

    private void Draw(IReadOnlyList<string> lines)
    {
        if (lines.SequenceEqual(_drawn)) return;
        if (_drawn.Count > 0) environment.Error.Write($"\u001b[{_drawn.Count}A\r\u001b[J");
        foreach (var line in lines) environment.Error.WriteLine(Colored(line));
        _drawn = lines;
    }

    private string Colored(string line) =>
        line.StartsWith("  ", StringComparison.Ordinal) || line.Contains("FAILED", StringComparison.Ordinal)
            || line.Contains("unhealthy", StringComparison.Ordinal)
            ? style.Notice(line) : line;

    // A line that wraps would be redrawn wrongly.
    private string Cut(string line) => line.Length < environment.Width ? line : line[..(environment.Width - 2)] + "…";
}
