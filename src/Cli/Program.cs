// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli;
using ClusterManager.Cli.Shell;
using ClusterManager.Hosting.Processes;

// Before anything else is made ready: scripts and people ask this often.
if (ProgramVersion.TryAnswer(args, "cluster")) return 0;

return await CliApplication.RunAsync(args, CliEnvironment.OfProcess(), CancellationToken.None);
