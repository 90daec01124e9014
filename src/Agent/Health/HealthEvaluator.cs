// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Agent.Health;

/// <summary>
/// Judges from probe results: healthy after the first success, unhealthy after as many failures in a row as the spec allows; failures
/// within
/// the start period count only once there was a success. Pure.
/// </summary>
internal static class HealthEvaluator
{
    /// <summary>The beginning of an attempt: not judged, the first probe due after the start interval.</summary>
    public static HealthProgress Begin(HealthSpec spec, TimeSpan startedAt) =>
        new(HealthState.Unknown, 0, 0, false, "", startedAt + StartInterval(spec));

    /// <summary>The progress after one more probe.</summary>
    /// <param name="spec">How health is judged.</param>
    /// <param name="progress">What was known before.</param>
    /// <param name="result">What the probe found.</param>
    /// <param name="startedAt">When the attempt's process started.</param>
    /// <param name="now">When the probe ended.</param>
    public static HealthProgress Fold(HealthSpec spec, HealthProgress progress, ProbeResult result, TimeSpan startedAt, TimeSpan now)
    {
        if (result.IsPassed)
        {
            return new HealthProgress(HealthState.Healthy, progress.Passed + 1, 0, true, result.Output, now + spec.Interval);
        }
        var counts = progress.HadSuccess || now - startedAt >= spec.StartPeriod;
        var failed = counts ? progress.Failed + 1 : 0;
        var state = failed >= Math.Max(spec.Retries, 1) ? HealthState.Unhealthy : progress.State;
        var wait = progress.HadSuccess ? spec.Interval : StartInterval(spec);
        return new HealthProgress(state, 0, failed, progress.HadSuccess, result.Output, now + wait);
    }

    // Until the first success probes come faster, so that a new replica serves early; but never slower than the ordinary rhythm.
    private static TimeSpan StartInterval(HealthSpec spec) =>
        spec.StartInterval > TimeSpan.Zero && spec.StartInterval < spec.Interval ? spec.StartInterval : spec.Interval;
}
