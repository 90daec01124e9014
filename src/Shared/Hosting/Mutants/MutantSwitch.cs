// SPDX-License-Identifier: Apache-2.0
#if MUTANTS
namespace ClusterManager.Hosting.Mutants;

/// <summary>Which mutant this process has: the one that <c>CLUSTER_MUTANT</c> names, or that a sweep selects between its runs.</summary>
public static class MutantSwitch
{
    private static Mutant _selected = FromEnvironment();

    /// <summary>This process has that mutant.</summary>
    public static bool Is(Mutant mutant) => _selected == mutant;

    /// <summary>From now on the process has that one. Not while anything runs.</summary>
    public static void Select(Mutant mutant) => _selected = mutant;

    private static Mutant FromEnvironment()
    {
        var name = Environment.GetEnvironmentVariable("CLUSTER_MUTANT");
        if (string.IsNullOrEmpty(name)) return Mutant.None;
        return Enum.TryParse<Mutant>(name, out var mutant)
            ? mutant : throw new InvalidOperationException($"CLUSTER_MUTANT={name} is no mutant: see Mutant.cs");
    }
}
#endif
