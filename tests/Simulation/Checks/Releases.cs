// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// A release's verdict is true when it is given, and given once: all of it runs, or all of it is as before; and nothing of it is applied
/// before what it depends on.
/// </summary>
internal static class Releases
{
    public static IEnumerable<string> Check(ClusterState before, ClusterState after)
    {
        if (ReferenceEquals(before.History, after.History)) yield break;
        foreach (var (stack, kept) in after.History)
        {
            var old = before.History.GetValueOrDefault(stack);
            if (kept.Count > MostKept) yield return $"stack {stack}: {kept.Count} releases are kept";
            foreach (var entry in kept.Values)
            {
                var was = old?.GetValueOrDefault(entry.Number);
                if (ReferenceEquals(was, entry)) continue;
                foreach (var broken in Moved(before, after, was, entry)) yield return $"release {entry.Number} of {stack}: {broken}";
            }
        }
    }

    private const int MostKept = 10;

    private static IEnumerable<string> Moved(ClusterState before, ClusterState after, ReleaseEntry? was, ReleaseEntry now)
    {
        if (was is { IsActive: false } && was.State != now.State) yield return $"it was {was.State} and is {now.State}";
        if (was is null or { IsActive: true } && !now.IsActive)
            foreach (var member in now.Members.Values)
                if (Untrue(after, now, member) is { } why) yield return $"it is {now.State} though {member.Name} {why}";
        foreach (var member in now.Members.Values.Where(member => member.State is ReleaseMemberState.Due or ReleaseMemberState.Applied))
            if (was?.Members.GetValueOrDefault(member.Name)?.State == ReleaseMemberState.Waiting
                && TooEarly(before, after, now, member) is { } early) yield return $"{member.Name} is applied before {early}";
    }

    private static string? Untrue(ClusterState state, ReleaseEntry entry, ReleaseMember member)
    {
        var service = state.Services.GetValueOrDefault(member.Service);
        if (entry.State == ReleaseState.Succeeded && member.State == ReleaseMemberState.Applied)
            return service?.Rollout is { State: RolloutState.Succeeded } rollout && rollout.Number == member.Rollout ? null
                : $"has not succeeded: {service?.Rollout}";
        if (entry.State == ReleaseState.Succeeded)
            return member.State is ReleaseMemberState.Unchanged or ReleaseMemberState.Removed or ReleaseMemberState.Taken ? null
                : $"is {member.State}";
        if (entry.State != ReleaseState.RolledBack) return null;
        if (member.State != ReleaseMemberState.Returned) return member.IsChanged ? $"is {member.State}" : null;
        if (member.IsMade) return service is null ? null : "is still there";
        return service is { Rollout.State: RolloutState.RolledBack or RolloutState.Succeeded or RolloutState.Aborted }
            && service.Revision == member.FromRevision ? null : $"is not back: {service?.Rollout}";
    }

    /// <summary>A dependency that the release has changed and whose rollout has no good end; null: there is none.</summary>
    private static string? TooEarly(ClusterState before, ClusterState after, ReleaseEntry entry, ReleaseMember member)
    {
        var spec = after.Releases[entry.Stack].Services.FirstOrDefault(spec => spec.Name.Name == member.Name);
        foreach (var (name, condition) in spec?.DependsOn ?? Dependencies.None)
        {
            if (entry.Members.GetValueOrDefault(name) is not { State: ReleaseMemberState.Applied } other) continue;
            if (condition == DependencyCondition.Healthy && after.Services[other.Service].Rollout.State != RolloutState.Succeeded)
                return name;
            // What wants no replica has started as soon as it is there.
            if (!before.Services.ContainsKey(other.Service) && after.Services[other.Service].Replicas > 0) return name;
        }

        return null;
    }
}
