// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Gates;

/// <summary>What Prometheus' answer to an instant query means for a gate. Pure.</summary>
internal static class PrometheusAnswer
{
    /// <summary>Every figure of the result has to hold. None, or one that is no number (no traffic), means nothing yet.</summary>
    public static (GateVerdict Verdict, string Text) Judge(GateSpec gate, HttpStatusCode status, byte[]? body)
    {
        if (status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity)
            return (GateVerdict.Shut, $"it does not understand the query: {GateClient.Shortened(body)}");
        if (status != HttpStatusCode.OK) return (GateVerdict.Unclear, $"it answered {(int)status}");
        if (body is null) return (GateVerdict.Unclear, "its answer is larger than 64 KB");
        if (Figures(body) is not { } figures) return (GateVerdict.Unclear, "its answer is not Prometheus' JSON of an instant query");
        if (figures.Count == 0) return (GateVerdict.Unclear, "no data yet");
        if (figures.Any(double.IsNaN)) return (GateVerdict.Unclear, "no number yet (NaN)");
        var broken = figures.FindIndex(figure => !gate.Holds(figure));
        return broken < 0 ? (GateVerdict.Open, Text(figures[0])) : (GateVerdict.Shut, $"{Text(figures[broken])} is not {Wanted(gate)}");
    }

    private static List<double>? Figures(byte[] body)
    {
        try
        {
            var data = JsonNode.Parse(body)?["data"];
            var result = data?["result"]?.AsArray();
            if (result is null) return null;
            return data?["resultType"]?.GetValue<string>() switch
            {
                "scalar" => [Figure(result)],
                "vector" => [.. result.Select(sample => Figure(sample?["value"]?.AsArray()))],
                _ => null,
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static double Figure(JsonArray? pair)
    {
        var text = pair?[1]?.GetValue<string>() ?? throw new FormatException("a sample without a value");
        return text switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
    }

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Wanted(GateSpec gate) => gate.Comparison switch
    {
        GateComparison.Less => "below ",
        GateComparison.LessOrEqual => "at most ",
        GateComparison.Greater => "above ",
        _ => "at least ",
    } + Text(gate.Threshold);
}
