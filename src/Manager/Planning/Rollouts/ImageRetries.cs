// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>
/// A service whose first image could not be had heals by itself: the image is asked for again after 10 s, doubling to 5 min, as long as
/// the service is wanted and has nothing else to run. The verdict of the rollout stays.
/// </summary>
internal static class ImageRetries
{
    /// <summary>The rollout has failed, no revision can fill the gap, and replicas are wanted.</summary>
    public static bool IsWanted(ServiceDraft draft) =>
        draft.Rollout.State == RolloutState.Failed && draft.Target.Image is null && draft.RevisionFor(null) is null
        && (draft.Target.Spec.IsGlobal() || draft.Service.Replicas > 0);

    /// <summary>It is time to ask; counts the question.</summary>
    public static bool IsDue(ServiceDraft draft)
    {
        var known = draft.Turn.Memory.ImageRetries.GetValueOrDefault(draft.Service.Id);
        if (known?.Rollout != draft.Rollout.Number) known = Put(draft, 0);
        var isDue = draft.Now >= known.At;
        if (isDue) known = Put(draft, known.Count + 1);
        draft.LookAgain(known.At);
        return isDue;
    }

    public static void Forget(Turn turn, ServiceId service)
    {
        if (turn.Memory.ImageRetries.ContainsKey(service))
            turn.Memory = turn.Memory with { ImageRetries = turn.Memory.ImageRetries.Remove(service) };
    }

    private static ImageRetry Put(ServiceDraft draft, int count)
    {
        var timings = draft.Turn.Timings;
        var delay = timings.ImageRetryFirst * Math.Pow(2, Math.Min(count, 10));
        if (delay > timings.ImageRetryMost) delay = timings.ImageRetryMost;
        var retry = new ImageRetry(draft.Rollout.Number, count, draft.Now + delay);
        var memory = draft.Turn.Memory;
        draft.Turn.Memory = memory with { ImageRetries = memory.ImageRetries.SetItem(draft.Service.Id, retry) };
        return retry;
    }
}
