// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Logging;
using ClusterManager.Hosting.Processes;
using ClusterManager.Hosting.Time;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Shared.Tests.Hosting.Processes;

/// <summary>A supervisor in a process of its own, so that a test can kill it. Its argument is the data directory.</summary>
public static class SupervisorProgram
{
    internal static HostSupervisorOptions FastOptions { get; } = new()
    {
        Poll = TimeSpan.FromMilliseconds(20),
        Restart = new Backoff { First = TimeSpan.FromMilliseconds(100), Cap = TimeSpan.FromMilliseconds(400), JitterRatio = 0 },
        OutputMaxBytes = 4096,
    };

    public static async Task<int> Main(string[] args)
    {
        if (args.Length != 1) return 2;
        var paths = new ClusterPaths(args[0]);
        using var termination = new TerminationSignal();
        using var logging = ClusterLogging.Create("supervisor", paths, LogLevel.Information, ConsoleTarget.StandardError);
        var supervisor = new HostSupervisor(paths, FastOptions, TimeProvider.System, logging.Factory.CreateLogger<HostSupervisor>());
        return await supervisor.RunAsync(termination.Token) ? 0 : 1;
    }
}
