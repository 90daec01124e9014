// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli;
using ClusterManager.Cli.Shell;

return await CliApplication.RunAsync(args, CliEnvironment.OfProcess(), CancellationToken.None);
