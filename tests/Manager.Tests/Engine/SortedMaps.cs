// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>Short forms for tests.</summary>
public static class SortedMaps
{
    public static ImmutableSortedDictionary<TKey, TValue> ToSorted<TKey, TValue>(this IEnumerable<TKey> keys, Func<TKey, TValue> value)
        where TKey : notnull => keys.ToImmutableSortedDictionary(key => key, value);
}
