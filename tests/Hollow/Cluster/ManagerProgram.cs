// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Logging;
using ClusterManager.Manager.Hosting;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Hollow.Cluster;

/// <summary>
/// A process that is a manager, whole and real, and answers each line of its standard input with a measurement. It ends with its input.
/// </summary>
internal static class ManagerProgram
{
    /// <summary>The first word of its command line.</summary>
    public const string Verb = "manager";

    /// <summary>Runs it: <c>manager DATA-DIR PORT</c>.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var paths = ClusterPaths.Resolve(arguments[0]);
        var port = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        using var logging = ClusterLogging.Create("cluster-manager", paths, LogLevel.Information, ConsoleTarget.None);
        using var stop = new CancellationTokenSource();
        var settings = await ManagerSettings.LoadAsync(paths, port, stop.Token);
        await using var host = new ManagerHost(settings, logging.Factory);
        var running = host.RunAsync(stop.Token);
        var answering = AnswerAsync(host, stop);
        await Task.WhenAny(running, answering);
        await stop.CancelAsync();
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // Asked to.
        }

        await answering;
        return 0;
    }

    private static async Task AnswerAsync(ManagerHost host, CancellationTokenSource stop)
    {
        try
        {
            while (await Console.In.ReadLineAsync(stop.Token) is not null)
                await Console.Out.WriteLineAsync(
                    JsonSerializer.Serialize(Measurement.Take(host.SessionCount), MeasurementJson.Default.Measurement));
        }
        catch (OperationCanceledException)
        {
            // The manager ended.
        }
    }
}
