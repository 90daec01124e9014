// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace ClusterManager.Telemetry;

/// <summary>
/// Writes metrics as text. Pure. Prometheus' text 0.0.4 and OpenMetrics 1.0.0 differ in a counter's headline (with or without
/// <c>_total</c>), in the line of the unit, and in the end.
/// </summary>
public static class ExpositionWriter
{
    private const string PrometheusType = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary>The format for a reader with this <c>Accept</c> header. Absent or anything else: Prometheus' text.</summary>
    public static ExpositionFormat Choose(string? accept) =>
        accept is not null && accept.Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase)
            ? ExpositionFormat.OpenMetrics
            : ExpositionFormat.PrometheusText;

    /// <summary>The content type of a format.</summary>
    public static string ContentType(ExpositionFormat format) =>
        format == ExpositionFormat.OpenMetrics ? OpenMetricsType : PrometheusType;

    /// <summary>All metrics as text, lines ended by a line feed.</summary>
    public static string Write(IEnumerable<MetricFamily> families, ExpositionFormat format)
    {
        ArgumentNullException.ThrowIfNull(families);
        var text = new StringBuilder(4096);
        foreach (var family in families) Write(text, family, format);
        if (format == ExpositionFormat.OpenMetrics) text.Append("# EOF\n");
        return text.ToString();
    }

    private static void Write(StringBuilder text, MetricFamily family, ExpositionFormat format)
    {
        var name = ExpositionNames.Of(family.Name, family.Unit);
        var sample = family.Kind == MetricKind.Counter ? name + "_total" : name;
        var headline = format == ExpositionFormat.OpenMetrics ? name : sample;
        text.Append("# HELP ").Append(headline).Append(' ').Append(EscapeHelp(family.Help, format)).Append('\n');
        text.Append("# TYPE ").Append(headline).Append(' ').Append(TypeOf(family.Kind)).Append('\n');
        if (format == ExpositionFormat.OpenMetrics && ExpositionNames.UnitOf(family.Unit) is { } unit)
            text.Append("# UNIT ").Append(headline).Append(' ').Append(unit).Append('\n');
        foreach (var one in family.Samples)
        {
            if (one.Histogram is { } histogram) WriteHistogram(text, name, one, histogram);
            else WriteLine(text, sample, one.Labels, null, one.Value);
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, MetricSample sample, HistogramCounts histogram)
    {
        long below = 0;
        for (var i = 0; i < histogram.Counts.Length; i++)
        {
            below += histogram.Counts[i];
            var bound = i < histogram.Bounds.Length ? Bound(histogram.Bounds[i]) : "+Inf";
            WriteLine(text, name + "_bucket", sample.Labels, bound, below);
        }

        WriteLine(text, name + "_sum", sample.Labels, null, sample.Value);
        WriteLine(text, name + "_count", sample.Labels, null, below);
    }

    private static void WriteLine(StringBuilder text, string name, MetricLabels labels, string? bound, double value)
    {
        text.Append(name);
        var separator = '{';
        foreach (var (key, label) in labels.Enumerate())
        {
            text.Append(separator).Append(ExpositionNames.Label(key)).Append("=\"").Append(EscapeLabel(label)).Append('"');
            separator = ',';
        }

        if (bound is not null) text.Append(separator).Append("le=\"").Append(bound).Append('"');
        if (separator == ',' || bound is not null) text.Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    // OpenMetrics writes whole bounds as 1.0; in the older text the same, or a reader that changes its format would see other series.
    private static string Bound(double value) => double.IsInteger(value) ? Number(value) + ".0" : Number(value);

    private static string EscapeLabel(string value) =>
        value.AsSpan().IndexOfAny("\\\"\n") < 0 ? value
            : value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal);

    // OpenMetrics escapes a quotation mark in a help text too, the older text does not.
    private static string EscapeHelp(string value, ExpositionFormat format)
    {
        var escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return format == ExpositionFormat.OpenMetrics ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
