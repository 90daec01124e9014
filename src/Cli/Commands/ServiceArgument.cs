// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Shell;

namespace ClusterManager.Cli.Commands;

/// <summary>The one service that a command is about.</summary>
internal static class ServiceArgument
{
    /// <summary>Makes the argument, completed from the names of the cluster's services.</summary>
    public static Argument<string> Make(CommandShell shell)
    {
        var name = new Argument<string>("SERVICE") { Description = "The service" };
        name.CompletionSources.Add(NameCompletion.Services(shell));
        return name;
    }
}
