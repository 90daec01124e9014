// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Simulation;

/// <summary>The command behind <c>scripts/simulate.sh</c>: replays a seed with its story, sweeps many, or tries the mutants.</summary>
internal static class SimulationProgram
{
    private static int Main(string[] arguments)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        var seed = (ulong?)null;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is "--check" or "--mutants") options[arguments[i]] = "";
            else if (arguments[i].StartsWith("--", StringComparison.Ordinal)
                && i + 1 < arguments.Length) options[arguments[i]] = arguments[++i];
            else if (ulong.TryParse(arguments[i], CultureInfo.InvariantCulture, out var one)) seed = one;
            else return Usage();
        }

        var storm = options.TryGetValue("--minutes", out var minutes)
            ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)) : SimulationRun.DefaultStorm;
        if (seed is { } single) return Replay(single, storm);
        var from = ulong.Parse(options.GetValueOrDefault("--from", "1"), CultureInfo.InvariantCulture);
        var jobs = int.Parse(options.GetValueOrDefault("--jobs", "1"), CultureInfo.InvariantCulture);
        if (options.ContainsKey("--mutants"))
            return MutantSweep.Run(options.GetValueOrDefault("--only"), ulong.Parse(options.GetValueOrDefault("--seeds", "400"),
                CultureInfo.InvariantCulture), jobs, storm);
        if (!options.TryGetValue("--seeds", out var count)) return Usage();
        return SeedSweep.Run(from, ulong.Parse(count, CultureInfo.InvariantCulture), jobs, storm, options.ContainsKey("--check"));
    }

    private static int Usage()
    {
        Console.Error.WriteLine("usage: scripts/simulate.sh SEED [--minutes M]");
        Console.Error.WriteLine("       scripts/simulate.sh --seeds N [--from S] [--jobs J] [--minutes M] [--check]");
        Console.Error.WriteLine("       scripts/simulate.sh --mutants [--only NAME] [--seeds N] [--jobs J]");
        return 2;
    }

    private static int Replay(ulong seed, TimeSpan storm)
    {
        var result = SimulationRun.Run(seed, storm, Console.WriteLine);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"seed {result.Seed}: {result.VirtualTime.TotalMinutes:0.0} virtual minutes, {result.Events} events, {result.Commits} commits, "
                + $"{result.Situations.Count} situations, {result.Shapes.Count} shapes of services, hash {result.Hash:x16}"));
        Console.WriteLine($"faults: {string.Join(", ", result.Faults.Select(fault => $"{fault.Key} {fault.Value}"))}");
        foreach (var violation in result.Violations) Console.WriteLine($"VIOLATION {violation}");
        return result.Violations.IsEmpty ? 0 : 1;
    }
}
