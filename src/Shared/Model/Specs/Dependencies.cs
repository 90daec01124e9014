// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Model;

/// <summary>The order that <see cref="ServiceSpec.DependsOn"/> gives the services of a stack. Pure.</summary>
public static class Dependencies
{
    /// <summary>No dependency.</summary>
    public static ImmutableSortedDictionary<string, DependencyCondition> None { get; } =
        ImmutableSortedDictionary.Create<string, DependencyCondition>(StringComparer.Ordinal);

    /// <summary>The map with ordinal order.</summary>
    public static ImmutableSortedDictionary<string, DependencyCondition> Of(
        IEnumerable<KeyValuePair<string, DependencyCondition>> pairs) => None.AddRange(pairs);

    /// <summary>
    /// The names in waves, each in ordinal order: those of a wave depend on earlier ones only. What is in a circle, or behind one, is in
    /// none.
    /// </summary>
    public static ImmutableArray<ImmutableArray<string>> Waves(IEnumerable<ServiceSpec> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var left = ByName(services);
        var waves = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        while (left.Count > 0)
        {
            ImmutableArray<string> wave =
                [.. left.Where(pair => !pair.Value.DependsOn.Keys.Any(left.ContainsKey)).Select(pair => pair.Key)];
            if (wave.IsEmpty) break;
            foreach (var name in wave) left.Remove(name);
            waves.Add(wave);
        }

        return waves.ToImmutable();
    }

    /// <summary>One circle of dependencies by its names, the first again at the end; empty: there is none.</summary>
    public static ImmutableArray<string> Circle(IEnumerable<ServiceSpec> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var left = ByName(services);
        foreach (var name in Waves(left.Values).SelectMany(wave => wave)) left.Remove(name);
        if (left.Count == 0) return [];
        var path = new List<string>();
        // What is left depends on something that is left, so the walk comes back to where it was.
        for (var name = left.Keys.First(); !path.Contains(name); name = left[name].DependsOn.Keys.First(left.ContainsKey)) path.Add(name);
        var again = left[path[^1]].DependsOn.Keys.First(left.ContainsKey);
        return [.. path.SkipWhile(name => name != again), again];
    }

    private static SortedDictionary<string, ServiceSpec> ByName(IEnumerable<ServiceSpec> services)
    {
        var all = new SortedDictionary<string, ServiceSpec>(StringComparer.Ordinal);
        foreach (var spec in services) all[spec.Name.Name] = spec;
        return all;
    }
}
