// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hollow.Cluster;

namespace ClusterManager.Hollow.Runs;

/// <summary>Judges a soak by what the manager held at rest. Pure.</summary>
internal static class SoakVerdict
{
    // Sockets of calls that end and thread-pool threads come and go by a few; whatever leaks per reconnect passes these soon.
    private const int HandlesSlack = 8;
    private const int ThreadsSlack = 6;
    private const long ManagedSlackBytes = 3_000_000;
    private const double ManagedSlackRatio = 0.05;
    private const long ResidentSlackBytes = 40_000_000;

    /// <summary>What grew; empty: nothing.</summary>
    /// <param name="samples">In order, at least four.</param>
    /// <param name="agents">How many sessions there must be at each.</param>
    /// <remarks>
    /// The lower half of the first third is compared with the lower half of the last third: a measurement may catch a moment of work,
    /// never one of less than nothing.
    /// </remarks>
    public static IReadOnlyList<string> Judge(IReadOnlyList<Measurement> samples, int agents)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples.Count, 4);
        var third = Math.Max(2, samples.Count / 3);
        var first = samples.Take(third).ToList();
        var last = samples.TakeLast(third).ToList();
        var problems = new List<string>();
        Compare("managed bytes", s => s.ManagedBytes, v => (long)Math.Max(ManagedSlackBytes, v * ManagedSlackRatio));
        Compare("resident bytes", s => s.ResidentBytes, _ => ResidentSlackBytes);
        Compare("handles", s => s.Handles, _ => HandlesSlack);
        Compare("threads", s => s.Threads, _ => ThreadsSlack);
        for (var i = 0; i < samples.Count; i++)
            if (samples[i].Sessions != agents) problems.Add($"measurement {i + 1}: {samples[i].Sessions} sessions of {agents} agents");
        return problems;

        void Compare(string what, Func<Measurement, long> value, Func<long, long> slack)
        {
            var (before, after) = (Low(first.Select(value)), Low(last.Select(value)));
            if (after > before + slack(before)) problems.Add($"{what} grew from {before} to {after}, more than {slack(before)}");
        }
    }

    private static long Low(IEnumerable<long> values)
    {
        var sorted = values.Order().ToList();
        return sorted[(sorted.Count - 1) / 2];
    }
}
