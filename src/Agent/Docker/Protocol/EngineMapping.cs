// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Agent.Docker;

/// <summary>Small translations that all parts of the client share. Pure.</summary>
internal static class EngineMapping
{
    /// <summary>An ordered copy; empty for null.</summary>
    public static ImmutableSortedDictionary<string, string> Sorted(IEnumerable<KeyValuePair<string, string>>? pairs) =>
        (pairs ?? []).ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>An ordered copy for sending.</summary>
    public static SortedDictionary<string, string> ToSend(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var copy = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
            copy.Add(key, value);
        return copy;
    }

    /// <summary>The same for a part of a request that is left out when there is nothing in it.</summary>
    public static SortedDictionary<string, string>? ToSendOrNull(IReadOnlyDictionary<string, string> pairs) =>
        pairs.Count == 0 ? null : ToSend(pairs);

    /// <summary>An array for sending; null, hence left out, when the list is empty.</summary>
    public static string[]? ToSendOrNull(IReadOnlyList<string> list) => list.Count == 0 ? null : [.. list];

    /// <summary>Null for null and for empty text.</summary>
    public static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>Null for 0, which the engine reads as "not set" as well.</summary>
    public static long? NullIfZero(long number) => number == 0 ? null : number;
}
