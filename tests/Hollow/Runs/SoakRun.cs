// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Hollow.Cluster;

namespace ClusterManager.Hollow.Runs;

/// <summary>
/// Rounds of reconnects, changes and crashes on a hollow cluster, with a rest and a measurement of the manager after each: what a manager
/// holds at rest must not grow.
/// </summary>
internal static class SoakRun
{
    private const int Services = 30;
    private const int Replicas = 4;
    private static readonly TimeSpan RestLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StartDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs it.</summary>
    /// <param name="options">How.</param>
    /// <param name="tell">Told each measurement.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What grew; empty: nothing.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(SoakOptions options, Action<string> tell, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        await using var cluster = await HollowCluster.StartAsync(options.Agents, StartDelay, time, cancellationToken);
        var workload = new Workload(cluster, Services, Replicas);
        await workload.DeployAsync(cancellationToken);
        var started = time.GetTimestamp();
        var samples = new List<Measurement>();
        var trouble = new Trouble(cluster, workload, options, time);
        for (var round = 1 - options.WarmUpRounds; round <= options.Rounds; round++)
        {
            await trouble.RunAsync(options.Round, cancellationToken);
            await cluster.WaitForSessionsAsync(RestLimit, cancellationToken);
            await Task.Delay(Rest, time, cancellationToken);
            var sample = await cluster.Manager.MeasureAsync(cancellationToken);
            if (round > 0) samples.Add(sample);
            var at = time.GetElapsedTime(started);
            tell(string.Create(CultureInfo.InvariantCulture, $"{at:hh\\:mm\\:ss} {(round > 0 ? "" : "warm-up ")}{sample}; {trouble}"));
        }

        return SoakVerdict.Judge(samples, options.Agents);
    }
}
