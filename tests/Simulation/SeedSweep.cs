// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace ClusterManager.Simulation;

/// <summary>Runs many seeds on several threads and tells what failed, how far they went, and what went wrong how often.</summary>
internal static class SeedSweep
{
    /// <summary>Sweeps and prints; 0: every seed held.</summary>
    public static int Run(ulong from, ulong count, int jobs, TimeSpan storm, bool isChecked)
    {
        var watch = Stopwatch.StartNew();
        var results = new ConcurrentBag<SimulationResult>();
        OnThreads(from, count, jobs, seed =>
        {
            var result = SimulationRun.Run(seed, storm);
            if (isChecked && SimulationRun.Run(seed, storm).Hash != result.Hash)
                result = result with { Violations = result.Violations.Add("two runs of this seed differ") };
            results.Add(result with { Newest = [] });
            if (result.Violations.IsEmpty) return true;
            lock (results) Console.WriteLine($"seed {seed}: {result.Violations[0]}");
            return true;
        });
        Tell(results, watch.Elapsed);
        return results.All(result => result.Violations.IsEmpty) ? 0 : 1;
    }

    /// <summary>Hands seeds to threads in their order until one says that it is enough.</summary>
    public static void OnThreads(ulong from, ulong count, int jobs, Func<ulong, bool> run)
    {
        var next = (long)from - 1;
        var isEnough = false;
        var threads = Enumerable.Range(0, jobs).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref isEnough))
            {
                var seed = (ulong)Interlocked.Increment(ref next);
                if (seed >= from + count) return;
                if (!run(seed)) Volatile.Write(ref isEnough, true);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    private static void Tell(ConcurrentBag<SimulationResult> results, TimeSpan took)
    {
        var shapes = results.SelectMany(result => result.Shapes).ToHashSet().Count;
        var situations = results.SelectMany(result => result.Situations).ToHashSet().Count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{results.Count} seeds, {results.Count(result => !result.Violations.IsEmpty)} failed, "
                + $"{results.Sum(r => r.VirtualTime.TotalHours):0.0} virtual hours in {took.TotalSeconds:0.0} s, "
                + $"{results.Sum(r => r.Events)} events, {results.Sum(r => r.Commits)} commits"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"distinct situations of the cluster: {situations} ({results.Average(r => r.Situations.Count):0} a seed); "
                + $"distinct shapes of services: {shapes} ({results.Average(r => r.Shapes.Count):0} a seed)"));
        var faults = results.SelectMany(result => result.Faults).GroupBy(fault => fault.Key, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(group => group.Key, group => group.Sum(fault => (long)fault.Value), StringComparer.Ordinal);
        Console.WriteLine($"faults: {string.Join(", ", faults.Select(fault => $"{fault.Key} {fault.Value}"))}");
    }
}
