// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Releases;

/// <summary>
/// How long a release waits for a dependency without any rollout under way: the longest progress deadline of what is waited for, counted
/// from when the release last moved. A new leader counts anew.
/// </summary>
internal static class DependencyPatience
{
    /// <summary>The dependency that was waited for too long; null: there is time left.</summary>
    public static (string Name, Reason Reason)? Overdue(Turn turn, ReleaseEntry entry, ReleaseRecord release)
    {
        var waits = Waits(turn.State, entry, release).ToList();
        var patience = waits.Select(wait => DeadlineOf(turn.State, entry, wait.On, release)).DefaultIfEmpty().Max();
        var end = Since(turn, entry) + patience;
        if (turn.Now < end)
        {
            turn.LookAgainAtReleases(end);
            return null;
        }

        var (who, on, condition) = waits.Count > 0 ? waits[0] : (entry.Members.Keys.First(), entry.Members.Keys.First(), default);
        return (on, new Reason(ReasonCode.DependencyNotMet,
            $"{who} waits for {on}, which is not {Word(condition)} after {Amounts.Span(patience)}"));
    }

    /// <summary>What was to complete has ended otherwise, for good: nobody needs to wait any longer. Null: nothing has.</summary>
    public static (string Name, Reason Reason)? InVain(ClusterState state, ReleaseEntry entry)
    {
        var release = state.Releases[entry.Stack];
        foreach (var (who, on, _) in Waits(state, entry, release).Where(wait => wait.Condition == DependencyCondition.Completed))
        {
            if (state.Find(new ServiceName(entry.Stack, on)) is not { } service || !IsApplied(entry, on)) continue;
            if (DependencyWatch.FailedOf(state, service) is not { } failed) continue;
            var why = failed.Reason is { Text.Length: > 0 } reason ? $": {reason.Text}" : "";
            return (on, AllocationEndings.Short(new Reason(failed.Reason?.Code ?? ReasonCode.DependencyNotMet,
                $"{who} waits for {on}, which has ended without success{why}"))!);
        }

        return null;
    }

    private static bool IsApplied(ReleaseEntry entry, string name) =>
        entry.Members.GetValueOrDefault(name)?.State is not (null or ReleaseMemberState.Waiting or ReleaseMemberState.Due);

    private static IEnumerable<(string Who, string On, DependencyCondition Condition)> Waits(
        ClusterState state, ReleaseEntry entry, ReleaseRecord release) =>
        from spec in release.Services
        where entry.Members.GetValueOrDefault(spec.Name.Name)?.State == ReleaseMemberState.Waiting
        from pair in spec.DependsOn
        where IsApplied(entry, pair.Key) && !DependencyWatch.Holds(state, entry, pair.Key, pair.Value)
        select (spec.Name.Name, pair.Key, pair.Value);

    private static DateTimeOffset Since(Turn turn, ReleaseEntry entry)
    {
        var ends = entry.Members.Values.Where(member => member.State == ReleaseMemberState.Applied)
            .Select(member => turn.State.Services[member.Service].Rollout.EndedAt ?? entry.MovedAt);
        return ends.Append(entry.MovedAt).Append(turn.State.TermStartedAt).Max();
    }

    private static TimeSpan DeadlineOf(ClusterState state, ReleaseEntry entry, string name, ReleaseRecord release) =>
        state.Find(new ServiceName(entry.Stack, name)) is { } service
            ? state.Revisions[service.Id][service.Revision].Spec.ProgressDeadline
            : release.Services.First(spec => spec.Name.Name == name).ProgressDeadline;

    private static string Word(DependencyCondition condition) => condition switch
    {
        DependencyCondition.Healthy => "healthy",
        DependencyCondition.Completed => "complete",
        _ => "started",
    };
}
