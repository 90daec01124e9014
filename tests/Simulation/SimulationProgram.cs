// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace ClusterManager.Simulation;

/// <summary>The command behind <c>scripts/simulate.sh</c>: replays a seed with its story, or sweeps many.</summary>
internal static class SimulationProgram
{
    private static int Main(string[] arguments)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        var seed = (ulong?)null;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--check") options["--check"] = "";
            else if (arguments[i].StartsWith("--", StringComparison.Ordinal)
                && i + 1 < arguments.Length) options[arguments[i]] = arguments[++i];
            else if (ulong.TryParse(arguments[i], CultureInfo.InvariantCulture, out var one)) seed = one;
            else return Usage();
        }

        var storm = options.TryGetValue("--minutes", out var minutes)
            ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)) : SimulationRun.DefaultStorm;
        if (seed is { } single) return Replay(single, storm);
        if (!options.TryGetValue("--seeds", out var count)) return Usage();
        var from = ulong.Parse(options.GetValueOrDefault("--from", "1"), CultureInfo.InvariantCulture);
        var jobs = int.Parse(options.GetValueOrDefault("--jobs", "1"), CultureInfo.InvariantCulture);
        return Sweep(from, ulong.Parse(count, CultureInfo.InvariantCulture), jobs, storm, options.ContainsKey("--check"));
    }

    private static int Usage()
    {
        Console.Error.WriteLine("usage: scripts/simulate.sh SEED [--minutes M]");
        Console.Error.WriteLine("       scripts/simulate.sh --seeds N [--from S] [--jobs J] [--minutes M] [--check]");
        return 2;
    }

    private static int Replay(ulong seed, TimeSpan storm)
    {
        var result = SimulationRun.Run(seed, storm, Console.WriteLine);
        Report(result);
        return result.Violations.IsEmpty ? 0 : 1;
    }

    private static int Sweep(ulong from, ulong count, int jobs, TimeSpan storm, bool isChecked)
    {
        var watch = Stopwatch.StartNew();
        var results = new ConcurrentBag<SimulationResult>();
        var next = (long)from - 1;
        var failed = 0;
        void Work()
        {
            while (true)
            {
                var seed = (ulong)Interlocked.Increment(ref next);
                if (seed >= from + count || Volatile.Read(ref failed) >= 20) return;
                var result = SimulationRun.Run(seed, storm);
                if (isChecked && SimulationRun.Run(seed, storm).Hash != result.Hash)
                    result = result with { Violations = result.Violations.Add("two runs of this seed differ") };
                results.Add(result with { Newest = [] });
                if (result.Violations.IsEmpty) continue;
                Interlocked.Increment(ref failed);
                lock (results) Console.WriteLine($"seed {seed}: {result.Violations[0]}");
            }
        }

        var threads = Enumerable.Range(0, jobs).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var shapes = results.SelectMany(result => result.Shapes).ToHashSet();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{results.Count} seeds, {failed} failed, {results.Sum(r => r.VirtualTime.TotalHours):0.0} virtual hours in "
                + $"{watch.Elapsed.TotalSeconds:0.0} s, {results.Sum(r => r.Events)} events, {results.Sum(r => r.Commits)} commits, "
                    + $"{shapes.Count} distinct shapes ({results.Average(r => r.Shapes.Count):0} a seed)"));
        return failed == 0 ? 0 : 1;
    }

    private static void Report(SimulationResult result)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"seed {result.Seed}: {result.VirtualTime.TotalMinutes:0.0} virtual minutes, {result.Events} events, {result.Commits} "
                + $"commits, {result.Shapes.Count} shapes, hash {result.Hash:x16}"));
        foreach (var violation in result.Violations) Console.WriteLine($"VIOLATION {violation}");
    }
}
