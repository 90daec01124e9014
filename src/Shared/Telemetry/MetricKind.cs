// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Telemetry;

/// <summary>How the values of a metric are to be read.</summary>
public enum MetricKind
{
    /// <summary>A value that goes up and down.</summary>
    Gauge,

    /// <summary>A count that only grows while its process lives.</summary>
    Counter,

    /// <summary>Values counted by size.</summary>
    Histogram,
}
