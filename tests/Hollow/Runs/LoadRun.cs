// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ClusterManager.Hollow.Cluster;

namespace ClusterManager.Hollow.Runs;

/// <summary>What a manager costs that serves agents at rest.</summary>
/// <param name="CpuCores">Processors used, 1 is one whole.</param>
/// <param name="Held">Memory and handles after a forced collection.</param>
/// <param name="ReceivedBytesPerSecond">From all agents, as TCP carries it: TLS and HTTP/2 framing included.</param>
/// <param name="SentBytesPerSecond">To all agents.</param>
internal sealed record LoadResult(double CpuCores, Measurement Held, double ReceivedBytesPerSecond, double SentBytesPerSecond);

/// <summary>Watches the manager of a hollow cluster for a while.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="time">The clock.</param>
internal sealed partial class LoadRun(HollowCluster cluster, TimeProvider time)
{
    /// <summary>Watches for so long; nobody may reconnect meanwhile.</summary>
    public async Task<LoadResult> RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var (started, cpu, bytes) = (time.GetTimestamp(), cluster.Manager.CpuTime(), await BytesAsync(cancellationToken));
        await Task.Delay(duration, time, cancellationToken);
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        var after = await BytesAsync(cancellationToken);
        var used = (cluster.Manager.CpuTime() - cpu).TotalSeconds;
        return new LoadResult(
            used / seconds, await cluster.Manager.MeasureAsync(cancellationToken), (after.Received - bytes.Received) / seconds,
            (after.Sent - bytes.Sent) / seconds);
    }

    // The kernel counts per connection; connections that end take their counts with them.
    private async Task<(double Received, double Sent)> BytesAsync(CancellationToken cancellationToken)
    {
        string[] arguments = ["-tinH", "state", "established", "sport", "=", $":{cluster.Manager.Port}"];
        using var process = Process.Start(new ProcessStartInfo("ss", arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("ss did not start");
        var text = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (Sum(Received(), text), Sum(Acknowledged(), text));
    }

    private static double Sum(Regex pattern, string text) =>
        pattern.Matches(text).Sum(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"bytes_received:(\d+)")]
    private static partial Regex Received();

    [GeneratedRegex(@"bytes_acked:(\d+)")]
    private static partial Regex Acknowledged();
}
