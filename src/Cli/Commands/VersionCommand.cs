// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster version</c>: this program's version. Those of the nodes are in <c>cluster node ls</c>.</summary>
internal static class VersionCommand
{
    /// <summary>This program's version.</summary>
    public static string Version => ProgramVersion.Own;

    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell) =>
        shell.Bind(new CliCommand("version", "Show this program's version.", "cluster version -o json"), (session, _, _) =>
        {
            var view = new VersionView(Version, RuntimeInformation.FrameworkDescription);
            if (session.Print.Format is OutputFormat.Json or OutputFormat.Yaml)
                session.Print.Document(new JsonArray(JsonSerializer.SerializeToNode(view, ViewJson.Default.VersionView)));
            else session.Print.Line(session.Print.Format == OutputFormat.Name ? Version : $"cluster {Version} ({view.Runtime})");
            return Task.FromResult(ExitCode.Done);
        });
}
