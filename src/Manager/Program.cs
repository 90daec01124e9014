// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Logging;
using ClusterManager.Hosting.Processes;
using ClusterManager.Manager.Hosting;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager;

/// <summary>The program <c>cluster-manager --data-dir DIR</c>.</summary>
internal static partial class Program
{
    private const string Usage = "usage: cluster-manager [--data-dir DIR] [--port PORT] [--metrics-address IP:PORT] [--verbose]"
        + " | --version";

    private static async Task<int> Main(string[] args)
    {
        if (ProgramVersion.TryAnswer(args, "cluster-manager")) return 0;
        if (ManagerArguments.TryParse(args, Environment.GetEnvironmentVariable(ManagerArguments.MetricsVariable)) is not { } arguments)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        var paths = ClusterPaths.Resolve(arguments.DataDirectory);
        using var only = ProcessLock.TryTake(paths, "manager");
        if (only is null)
        {
            await Console.Error.WriteLineAsync($"cluster-manager: another manager runs with {paths.Root}; a second one needs its own");
            return 1;
        }

        using var logging = ClusterLogging.Create(
            "cluster-manager", paths, arguments.Verbose ? LogLevel.Debug : LogLevel.Information, ConsoleTarget.StandardOutput);
        var log = logging.Factory.CreateLogger("ClusterManager.Manager.Program");
        using var stop = new TerminationSignal();
        try
        {
            var settings = (await ManagerSettings.LoadAsync(paths, arguments.Port, stop.Token)) with
            {
                MetricsAddress = arguments.MetricsAddress,
            };
            LogStarted(log, settings.Identity.Name, settings.Identity.Address, settings.Node.ClusterId);
            await using var host = new ManagerHost(settings, logging.Factory);
            await host.RunAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            LogFatal(log, error.Message);
            return 1;
        }

        LogStopped(log);
        return 0;
    }

    [LoggerMessage(EventIds.ManagerStarted, LogLevel.Information, "Manager {Name} at {Address} of cluster {ClusterId} starts")]
    private static partial void LogStarted(ILogger log, string name, string address, string clusterId);

    [LoggerMessage(EventIds.ManagerStopped, LogLevel.Information, "The manager stops")]
    private static partial void LogStopped(ILogger log);

    [LoggerMessage(EventIds.Fatal, LogLevel.Critical, "The manager cannot start: {Problem}")]
    private static partial void LogFatal(ILogger log, string problem);
}
