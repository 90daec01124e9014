// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output.Views;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Progress;

/// <summary>What a command waits for: a rollout of a service, or its end.</summary>
/// <param name="Name">As people write it.</param>
/// <param name="Rollout">The rollout's number.</param>
/// <param name="IsRemoval">True when the service is to be gone.</param>
/// <param name="IsUnchanged">True when the change asked for nothing new: an earlier one may be under way still.</param>
/// <param name="IsAbort">True when it is to end as aborted.</param>
/// <param name="IsAnyEnd">True when any end is as good: the caller tells how it ended.</param>
internal sealed record WaitTarget(
    string Name, int Rollout, bool IsRemoval, bool IsUnchanged = false, bool IsAbort = false, bool IsAnyEnd = false);

/// <summary>How a target stands.</summary>
internal enum WaitOutcome
{
    /// <summary>Under way.</summary>
    Pending = 0,

    /// <summary>As asked.</summary>
    Succeeded,

    /// <summary>The rollout failed; its status says why.</summary>
    Failed,

    /// <summary>It failed, and the revision before runs again.</summary>
    RolledBack,

    /// <summary>An operator ended it.</summary>
    Aborted,

    /// <summary>A newer change took its place.</summary>
    Superseded,

    /// <summary>Somebody removed the service.</summary>
    Gone,

    /// <summary>Its release ended before it was its turn: nothing was done to it.</summary>
    NotApplied,
}

/// <summary>Judges snapshots: pure, so that a scripted sequence can be the cluster.</summary>
/// <param name="targets">What is waited for.</param>
/// <param name="release">The release that they belong to; null: each is for itself.</param>
internal sealed class RolloutTracker(IReadOnlyList<WaitTarget> targets, ReleaseTarget? release = null)
{
    private readonly Dictionary<string, V1.ServiceStatus> _statuses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WaitOutcome> _outcomes = new(StringComparer.Ordinal);

    /// <summary>What is waited for.</summary>
    public IReadOnlyList<WaitTarget> Targets => targets;

    /// <summary>The release as it was last seen; null: there is none, or no manager tells of releases.</summary>
    public V1.ReleaseStatus? Release { get; private set; }

    /// <summary>True when every target has ended.</summary>
    public bool IsDone => targets.All(t => OutcomeOf(t) != WaitOutcome.Pending);

    /// <summary>How a target stands.</summary>
    public WaitOutcome OutcomeOf(WaitTarget target) => _outcomes.GetValueOrDefault(target.Name);

    /// <summary>The newest status of a target's service; null: none seen.</summary>
    public V1.ServiceStatus? StatusOf(WaitTarget target) => _statuses.GetValueOrDefault(target.Name);

    /// <summary>The longest time without progress that the server allows any target, for a limit of our own.</summary>
    public TimeSpan LongestDeadline =>
        TimeSpan.FromMilliseconds(_statuses.Values.Select(s => s.Rollout?.DeadlineMs ?? 0).DefaultIfEmpty(0).Max());

    /// <summary>True when the newest snapshot speaks of the change itself and not of what was before it.</summary>
    public bool HasBegun => targets.Any(t => t.IsRemoval || StatusOf(t)?.Rollout?.Number >= t.Rollout);

    /// <summary>Takes a snapshot in. An end stays an end.</summary>
    public void Apply(V1.ServicesSnapshot snapshot)
    {
        foreach (var status in snapshot.Services) _statuses[Words.NameOf(status.Name)] = status;
        ApplyRelease(snapshot.Release);
        var missing = snapshot.Missing.Select(Words.NameOf).ToHashSet(StringComparer.Ordinal);
        foreach (var target in targets.Where(t => OutcomeOf(t) == WaitOutcome.Pending))
            _outcomes[target.Name] = Release is { } known ? JudgeOfRelease(known, target, missing.Contains(target.Name))
                : missing.Contains(target.Name) ? (target.IsRemoval ? WaitOutcome.Succeeded : WaitOutcome.Gone)
                : Judge(target);
    }

    // A newer one has taken the place of ours; how ours stood when it was last seen does not matter any more.
    private void ApplyRelease(V1.ReleaseStatus? seen)
    {
        if (release is null || seen is null || seen.Number < release.Number) return;
        if (Release is { } last && ReleaseVerdict.IsOver(last)) return;
        Release = seen.Number == release.Number ? seen
            : new V1.ReleaseStatus { Stack = seen.Stack, Number = release.Number, State = V1.ReleaseState.Superseded };
    }

    // Its services have no outcome of their own before it has.
    private WaitOutcome JudgeOfRelease(V1.ReleaseStatus known, WaitTarget target, bool isMissing)
    {
        if (!ReleaseVerdict.IsOver(known)) return WaitOutcome.Pending;
        var outcome = ReleaseVerdict.Of(known, target);
        if (outcome != WaitOutcome.Succeeded) return outcome;
        if (target.IsRemoval) return isMissing ? WaitOutcome.Succeeded : WaitOutcome.Pending;
        if (isMissing) return WaitOutcome.Gone;
        return target.IsUnchanged ? Judge(target) : WaitOutcome.Succeeded;
    }

    private WaitOutcome Judge(WaitTarget target)
    {
        if (target.IsRemoval || !_statuses.TryGetValue(target.Name, out var status) || status.Rollout is not { } rollout)
            return WaitOutcome.Pending;
        if (rollout.Number < target.Rollout) return WaitOutcome.Pending;
        if (rollout.Number > target.Rollout) return WaitOutcome.Superseded;
        return rollout.State switch
        {
            V1.RolloutState.Succeeded => WaitOutcome.Succeeded,
            V1.RolloutState.Running or V1.RolloutState.Unspecified => WaitOutcome.Pending,
            _ when target.IsAnyEnd => WaitOutcome.Succeeded,
            // What was asked for is what it was brought back to.
            V1.RolloutState.RolledBack or V1.RolloutState.Aborted when target.IsUnchanged && rollout.GoingBack => WaitOutcome.Succeeded,
            V1.RolloutState.Aborted when target.IsAbort => WaitOutcome.Succeeded,
            V1.RolloutState.Failed or V1.RolloutState.RollbackFailed => WaitOutcome.Failed,
            V1.RolloutState.RolledBack => WaitOutcome.RolledBack,
            V1.RolloutState.Aborted => WaitOutcome.Aborted,
            V1.RolloutState.Superseded => WaitOutcome.Superseded,
            _ => WaitOutcome.Pending,
        };
    }
}
