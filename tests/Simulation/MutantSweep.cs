// SPDX-License-Identifier: Apache-2.0
#if MUTANTS
using System.ComponentModel;
using System.Reflection;
#endif

namespace ClusterManager.Simulation;

/// <summary>Tries each deliberate fault until a seed finds it: one that survives is a hole in the judges.</summary>
internal static class MutantSweep
{
#if MUTANTS
    private const int LengthMax = 120;

    /// <summary>Prints a row for each mutant; 0: all were found, and none was found in the unchanged program.</summary>
    public static int Run(string? only, ulong seeds, int jobs, TimeSpan storm)
    {
        var survivors = 0;
        foreach (var mutant in Enum.GetValues<Mutant>().Where(mutant => mutant != Mutant.None && (only is null || $"{mutant}" == only)))
        {
            MutantSwitch.Select(mutant);
            var found = Find(seeds, jobs, storm);
            survivors += found is null ? 1 : 0;
            Console.WriteLine($"| {mutant} | {Sentence(mutant)} | {found?.Seed.ToString() ?? $"not in {seeds}"} | {Short(found)} |");
        }

        MutantSwitch.Select(Mutant.None);
        Console.WriteLine(survivors == 0 ? "all mutants were found" : $"{survivors} mutants survived");
        return survivors == 0 ? 0 : 1;
    }

    private static SimulationResult? Find(ulong seeds, int jobs, TimeSpan storm)
    {
        var found = new List<SimulationResult>();
        SeedSweep.OnThreads(1, seeds, jobs, seed =>
        {
            var result = SimulationRun.Run(seed, storm);
            if (result.Violations.IsEmpty) return true;
            lock (found) found.Add(result);
            return false;
        });
        return found.MinBy(result => result.Seed);
    }

    private static string Short(SimulationResult? found)
    {
        var text = found?.Violations[0].Split('\n')[0].Replace('|', '/') ?? "";
        return text.Length <= LengthMax ? text : $"{text[..LengthMax]}…";
    }

    private static string Sentence(Mutant mutant) =>
        typeof(Mutant).GetField(mutant.ToString())!.GetCustomAttribute<DescriptionAttribute>()!.Description;
#else
    /// <summary>This program has no mutants.</summary>
    public static int Run(string? only, ulong seeds, int jobs, TimeSpan storm)
    {
        Console.Error.WriteLine($"this build has no mutants ({only ?? "all"}, {seeds} seeds, {jobs} jobs, {storm.TotalMinutes} minutes): "
            + "build with -p:Mutants=true, as scripts/simulate.sh does");
        return 2;
    }
#endif
}
