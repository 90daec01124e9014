// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Benchmarks.Common;

/// <summary>What the command line says.</summary>
internal sealed record BenchOptions
{
    private SortedDictionary<string, string> values = new(StringComparer.Ordinal);

    /// <summary>Which benchmark.</summary>
    public required string Verb { get; init; }

    /// <summary>The command as it was typed, for the report.</summary>
    public required string Command { get; init; }

    /// <summary>The page whose section of the benchmark is replaced; null: only printed.</summary>
    public string? Out => Text("out");

    /// <summary>Reads <c>VERB [--NAME VALUE]...</c>; null when it is anything else.</summary>
    public static BenchOptions? TryParse(string[] arguments)
    {
        if (arguments.Length % 2 == 0 || arguments[0].StartsWith('-')) return null;
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < arguments.Length; i += 2)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal)) return null;
            values[arguments[i][2..]] = arguments[i + 1];
        }

        var shown = values.Where(pair => pair.Key != "out").Select(pair => $" --{pair.Key} {pair.Value}");
        var command = $"scripts/bench.sh {arguments[0]}{string.Concat(shown)}";
        return new BenchOptions { Verb = arguments[0], Command = command, values = values };
    }

    /// <summary>An option's text; null when it is not given.</summary>
    public string? Text(string name) => values.GetValueOrDefault(name);

    /// <summary>How often is measured; by default what the benchmark says.</summary>
    public int Count(int byDefault) => Number("n", byDefault);

    /// <summary>A whole number.</summary>
    public int Number(string name, int byDefault) =>
        values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : byDefault;

    /// <summary>True unless the option is given and is not <c>yes</c>.</summary>
    public bool Flag(string name, bool byDefault) => values.TryGetValue(name, out var text) ? text == "yes" : byDefault;
}
