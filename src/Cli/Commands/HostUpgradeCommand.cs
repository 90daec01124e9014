// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Shell;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster host upgrade</c>: what a package's installation and <c>install.sh</c> run last.</summary>
internal static class HostUpgradeCommand
{
    /// <summary>Makes the command.</summary>
    public static CliCommand Make(CommandShell shell)
    {
        var command = new CliCommand(
            "upgrade", "Let this machine's processes run the programs that lie beside this one, one by one; containers run on.",
            "cluster host upgrade\n/opt/cluster-1.3.0/cluster host upgrade");
        var directory = MachineFlags.MakeDataDirectory();
        command.Add(directory);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var paths = ClusterPaths.Resolve(parse.GetValue(directory) ?? session.Environment.Variable(ClusterPaths.EnvironmentVariable));
            var upgrade = new HostUpgrade(paths, new StepReport(session), session.Environment.Time);
            var replaced = await upgrade.RunAsync(cancellationToken);
            session.Print.Line(replaced == 0
                ? $"Everything runs {ProgramVersion.Own} already." : $"{replaced} replaced by {ProgramVersion.Own}; containers ran on.");
            return ExitCode.Done;
        });
    }
}
