// SPDX-License-Identifier: Apache-2.0
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace ClusterManager.Manager.Telemetry;

/// <summary>
/// Sends the same metrics by OTLP, when the environment names a receiver. Everything but the address (protocol, headers, interval) is
/// read by the exporter from the standard variables <c>OTEL_EXPORTER_OTLP_…</c> and <c>OTEL_METRIC_EXPORT_INTERVAL</c>.
/// </summary>
internal static class OtlpExport
{
    /// <summary>The variables that switch it on: the general one, or the one for metrics alone.</summary>
    public static readonly string[] Variables = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    private const string DisabledVariable = "OTEL_SDK_DISABLED";

    // The exporter sets room for all of them aside, so only those that can have many get more than its 2,000.
    private const int SeriesMax = 10_000;
    private const string PerNode = "cluster.node.*";
    private const string PerAgent = "cluster.agent.*";
    private const string PerService = "cluster.service.*";

    /// <summary>Begins to send; null when nobody asked for it. Disposing it sends a last time.</summary>
    /// <param name="environment">The variables.</param>
    /// <param name="cluster">The cluster's id.</param>
    /// <param name="manager">This manager's name.</param>
    /// <param name="version">The program's version.</param>
    /// <param name="configure">Changes what the exporter has read; null: nothing.</param>
    public static MeterProvider? TryStart(
        Func<string, string?> environment, string cluster, string manager, string version, Action<OtlpExporterOptions>? configure = null)
    {
        if (Variables.All(name => string.IsNullOrWhiteSpace(environment(name)))) return null;
        if (string.Equals(environment(DisabledVariable), "true", StringComparison.OrdinalIgnoreCase)) return null;
        return Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource
                .AddService("cluster-manager", serviceVersion: version, serviceInstanceId: manager, autoGenerateServiceInstanceId: false)
                .AddAttributes([new("cluster.id", cluster)]))
            .AddMeter([.. ManagerTelemetry.Meters])
            .SetMaxMetricStreams(200)
            .AddView(PerNode, new MetricStreamConfiguration { CardinalityLimit = SeriesMax })
            .AddView(PerAgent, new MetricStreamConfiguration { CardinalityLimit = SeriesMax })
            .AddView(PerService, new MetricStreamConfiguration { CardinalityLimit = SeriesMax })
            .AddOtlpExporter(options => configure?.Invoke(options))
            .Build();
    }
}
