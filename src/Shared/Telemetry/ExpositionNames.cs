// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Telemetry;

/// <summary>From the names of instruments to those of Prometheus. Pure.</summary>
public static class ExpositionNames
{
    /// <summary>The name without a counter's <c>_total</c>: <c>cluster.engine.turn.duration</c> in <c>s</c> is
    /// <c>cluster_engine_turn_duration_seconds</c>.</summary>
    public static string Of(string name, string unit)
    {
        ArgumentNullException.ThrowIfNull(name);
        var plain = Clean(name);
        return UnitOf(unit) is { } word && !plain.EndsWith("_" + word, StringComparison.Ordinal) ? $"{plain}_{word}" : plain;
    }

    /// <summary>The word of a unit; null: none is shown.</summary>
    public static string? UnitOf(string unit) => unit switch
    {
        "s" => "seconds",
        "By" => "bytes",
        _ => null,
    };

    /// <summary>The key of a label.</summary>
    public static string Label(string key) => Clean(key);

    private static string Clean(string name) =>
        string.Create(name.Length, name, static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsAsciiLetterOrDigit(from[i]) ? from[i] : '_';
        });
}
