// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using ClusterManager.Telemetry;

namespace ClusterManager.Consul;

/// <summary>Counts and times the calls of this process. Costs nothing while nobody listens.</summary>
internal static class ConsulMeter
{
    private static readonly Meter Meter = new(TelemetryNames.ConsulMeter);
    private static readonly Counter<long> Calls =
        Meter.CreateCounter<long>(TelemetryNames.ConsulCalls, "{call}", "Calls of Consul, by kind and outcome.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        TelemetryNames.ConsulCallDuration, "s", "Time of Consul's calls, by kind, without those that wait for news.", null, Buckets.Calls);

    /// <summary>A call has ended.</summary>
    /// <param name="call">Which.</param>
    /// <param name="outcome"><c>ok</c>, or a word for what went wrong.</param>
    /// <param name="elapsed">From sending it to its outcome.</param>
    public static void Ended(ConsulRequest call, string outcome, TimeSpan elapsed)
    {
        var kind = new KeyValuePair<string, object?>("kind", KindOf(call.Path));
        Calls.Add(1, kind, new KeyValuePair<string, object?>("outcome", outcome));
        if (call.Wait == TimeSpan.Zero) Duration.Record(elapsed.TotalSeconds, kind);
    }

    /// <summary>The outcome of an answer.</summary>
    public static string OutcomeOf(int status) => status switch
    {
        >= 200 and < 300 => "ok",
        404 => "not_found",
        409 => "conflict",
        403 => "permission_denied",
        429 => "busy",
        < 500 => "refused",
        _ => "server_error",
    };

    // The first word behind the version: kv, txn, session, agent, catalog, health, acl, operator, status.
    private static string KindOf(string path)
    {
        var rest = path.StartsWith("/v1/", StringComparison.Ordinal) ? path[4..] : path.TrimStart('/');
        var end = rest.IndexOf('/', StringComparison.Ordinal);
        return end < 0 ? rest : rest[..end];
    }
}
