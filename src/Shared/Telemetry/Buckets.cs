// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;

namespace ClusterManager.Telemetry;

/// <summary>Upper bounds of histograms, in seconds: around what is promised, so that alerts can tell good from bad.</summary>
public static class Buckets
{
    /// <summary>For computations: 100 µs to 2.5 s. A turn of 1.5 s ends the term.</summary>
    public static InstrumentAdvice<double> Turns { get; } = Of([0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
        0.5, 1.5]);

    /// <summary>For calls: 1 ms to 10 s.</summary>
    public static InstrumentAdvice<double> Calls { get; } = Of([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);

    /// <summary>For what users wait for: 100 ms to 10 min.</summary>
    public static InstrumentAdvice<double> Waits { get; } = Of([0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600]);

    private static InstrumentAdvice<double> Of(double[] bounds) => new() { HistogramBucketBoundaries = bounds };
}
