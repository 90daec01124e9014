// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Consul;

/// <summary>Consul says null where a map is empty; our types never do.</summary>
internal static class EmptyMap
{
    public static IReadOnlyDictionary<string, string> Strings { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
