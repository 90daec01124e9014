// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Telemetry;

/// <summary>Up to four labels of one series, in the order in which they were given. A null key ends the list.</summary>
public readonly record struct MetricLabels
{
    /// <summary>Most labels of a series; further ones are left out.</summary>
    public const int Max = 4;

    private readonly (string? Key, string Value) _first;
    private readonly (string? Key, string Value) _second;
    private readonly (string? Key, string Value) _third;
    private readonly (string? Key, string Value) _fourth;

    private MetricLabels((string?, string) first, (string?, string) second, (string?, string) third, (string?, string) fourth) =>
        (_first, _second, _third, _fourth) = (first, second, third, fourth);

    /// <summary>The labels of a measurement.</summary>
    public static MetricLabels Of(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        new(At(tags, 0), At(tags, 1), At(tags, 2), At(tags, 3));

    /// <summary>The labels, one after the other.</summary>
    public IEnumerable<KeyValuePair<string, string>> Enumerate()
    {
        if (_first.Key is { } first) yield return new(first, _first.Value);
        if (_second.Key is { } second) yield return new(second, _second.Value);
        if (_third.Key is { } third) yield return new(third, _third.Value);
        if (_fourth.Key is { } fourth) yield return new(fourth, _fourth.Value);
    }

    private static (string?, string) At(ReadOnlySpan<KeyValuePair<string, object?>> tags, int index) =>
        index < tags.Length ? (tags[index].Key, tags[index].Value?.ToString() ?? "") : (null, "");
}
