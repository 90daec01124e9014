// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Model;

/// <summary>Ordered maps: enumeration must not depend on the process, so every map of the model is sorted by ordinal key.</summary>
public static class Maps
{
    /// <summary>The empty map with the ordinal comparer.</summary>
    public static ImmutableSortedDictionary<string, string> Empty { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>A sorted map of the pairs; a later pair of the same key wins.</summary>
    public static ImmutableSortedDictionary<string, string> Of(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var builder = Empty.ToBuilder();
        foreach (var (key, value) in pairs) builder[key] = value;
        return builder.ToImmutable();
    }
}
