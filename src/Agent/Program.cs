// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent;
using ClusterManager.Agent.Node;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Logging;
using ClusterManager.Hosting.Processes;
using Microsoft.Extensions.Logging;

// As sysexits.h has them: what a person must mend, and what a restart may.
const int exitUsage = 64;
const int exitConfiguration = 78;
const int exitFailure = 1;

if (ProgramVersion.TryAnswer(args, "cluster-agent")) return 0;
using var termination = new TerminationSignal();
var notifier = SystemdNotifier.FromEnvironment();
if (args is not ([] or ["--data-dir", _]))
{
    Console.Error.WriteLine("usage: cluster-agent [--data-dir DIR] | --version");
    return exitUsage;
}

var paths = ClusterPaths.Resolve(args.ElementAtOrDefault(1));
var (configuration, problem) = await AgentConfiguration.LoadAsync(paths, termination.Token);
if (configuration is null)
{
    Console.Error.WriteLine($"cluster-agent: {problem}");
    return exitConfiguration;
}

paths.CreateDirectories();
using var only = ProcessLock.TryTake(paths, "agent");
if (only is null)
{
    Console.Error.WriteLine($"cluster-agent: another agent runs with {paths.Root}; two would undo each other's work");
    return exitFailure;
}

using var logging = ClusterLogging.Create("cluster-agent", paths, LogLevel.Information, ConsoleTarget.StandardOutput);
var logger = logging.Factory.CreateLogger("ClusterManager.Agent.Program");
try
{
    AgentLog.Begins(logger, configuration.Node.Name, configuration.Node.Id.ToString(), configuration.Node.Cluster.ToString());
    await new AgentProcess(configuration, logging.Factory, TimeProvider.System).RunAsync(notifier, termination.Token);
}
catch (OperationCanceledException) when (termination.Token.IsCancellationRequested)
{
    // Asked to: containers run on, registrations stay true for their time to live.
}
catch (Exception error)
{
    // Containers run on; whoever supervises this process starts it again.
    AgentLog.Failed(logger, error);
    return exitFailure;
}

notifier.Stopping();
AgentLog.Ends(logger);
return 0;
