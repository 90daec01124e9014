// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.Planning.Scheduling;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning;

/// <summary>Answers "why": by the same filters that place, so that an explanation can not differ from what would happen.</summary>
public static class Explainer
{
    /// <summary>Explains one service.</summary>
    /// <param name="state">Any snapshot.</param>
    /// <param name="service">The service. It must exist.</param>
    /// <param name="now">The reader's clock, for "since".</param>
    /// <exception cref="KeyNotFoundException">There is no such service.</exception>
    public static ServiceExplanation Explain(ClusterState state, ServiceId service, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var record = state.Services[service];
        var target = state.Revisions[service][record.Rollout.WantedRevision];
        var scheduler = new Scheduler(NodeTable.Of(state), PlacementRequest.For(state, target), SpreadOf(state, service));
        var verdicts = scheduler.Verdicts();
        var gap = state.Gaps.GetValueOrDefault(service);
        var fix = gap is null ? FixOfRollout(record) : FixFinder.Find(state, record, target, gap, scheduler, verdicts);
        return new ServiceExplanation(verdicts, Summary(state, record, target, gap, now), fix);
    }

    private static string Summary(ClusterState state, ServiceRecord service, RevisionRecord target, Unplaced? gap, DateTimeOffset now)
    {
        var live = LiveOf(state, service.Id).Where(record => !HookSlot.IsHook(record.Id.Slot)).ToList();
        var running = live.Count(record => record.IsWanted && state.IsAvailable(record)
            && !service.Untold.Contains(record.Revision));
        var wanted = target.Spec.IsGlobal() ? live.Count(record => record.IsWanted) + (gap?.Count ?? 0) : service.Replicas;
        var text = service.IsRemoving
            ? $"{service.Name.Display} is being removed: {live.Count} of its allocations have not ended yet."
            : $"{service.Name.Display} runs {running} of {wanted} replicas.";
        if (gap is not null) text += GapText(gap, now);
        text += RolloutText.Of(service, gap, isServing: wanted > 0 && running == wanted);
        return text + ImageRetryText(state, service, now) + Troubles(state, live);
    }

    private static string GapText(Unplaced gap, DateTimeOffset now)
    {
        var age = Amounts.Age(now - gap.Since);
        return $" {Plural(gap.Count, "replica has", "replicas have")} had no node for {age}: {gap.Reason.Text}.";
    }

    /// <summary>An image that could not be found is asked for again.</summary>
    private static string ImageRetryText(ClusterState state, ServiceRecord service, DateTimeOffset now) =>
        state.Memory.ImageRetries.TryGetValue(service.Id, out var retry) && retry.Rollout == service.Rollout.Number && retry.At > now
            ? $" The image is asked for again in {Amounts.Age(retry.At - now)}." : "";

    /// <summary>The wanted allocations that do not serve, at most three of them by name.</summary>
    private static string Troubles(ClusterState state, List<AllocationRecord> live)
    {
        var troubled = live.Where(record => record.IsWanted && !state.IsAvailable(record)).ToList();
        var told = troubled.Take(3).Select(record =>
        {
            var node = state.Nodes.TryGetValue(record.Node, out var known) ? known.Name : "a removed node";
            var seen = state.Observations.GetValueOrDefault(record.Id);
            var what = seen?.Reason?.Text ?? (seen is null ? "its agent has not reported it yet" : $"{seen.State}, health {seen.Health}");
            return $"replica {record.Id.Slot} on {node}: {what}";
        });
        return troubled.Count == 0 ? ""
            : $" {string.Join("; ", told)}{(troubled.Count > 3 ? $"; and {troubled.Count - 3} more" : "")}.";
    }

    private static string FixOfRollout(ServiceRecord service) => service.Rollout.Reason?.Code switch
    {
        ReasonCode.ImageNotFound => $"cluster service update {service.Name.Display} --image IMAGE",
        ReasonCode.Exited or ReasonCode.CrashLoop or ReasonCode.OutOfMemory or ReasonCode.Unhealthy or ReasonCode.CommandNotFound
            when service.Rollout.State is RolloutState.Failed or RolloutState.RolledBack or RolloutState.RollbackFailed
                => $"cluster logs {service.Name.Display}",
        ReasonCode.HookFailed or ReasonCode.HookTimedOut when service.Rollout.Failed is { } hook =>
            $"cluster logs {service.Name.Display}.{HookSlot.NameOf(hook.Slot)}",
        _ => "",
    };

    private static IEnumerable<AllocationRecord> LiveOf(ClusterState state, ServiceId service) =>
        state.Allocations.GetValueOrDefault(service, SlotMap.Empty).BySlot.Values
            .SelectMany(records => records).Where(record => record.IsLive);

    private static SortedDictionary<NodeId, int> SpreadOf(ClusterState state, ServiceId service) =>
        new(LiveOf(state, service).Where(record => record.IsWanted && !HookSlot.IsHook(record.Id.Slot))
            .GroupBy(record => record.Node).ToDictionary(group => group.Key, group => group.Count()));

    private static string Plural(int count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";
}
