// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Shell;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster recover …</c>: decisions after a disaster that no program may take by itself.</summary>
internal static class RecoverCommands
{
    // The agent reads it before each session: see docs/agent.md.
    private const string ConfirmationFile = "confirmed-incarnation";

    /// <summary>Makes the group.</summary>
    public static Command Make(CommandShell shell)
    {
        var group = new CliCommand(
            "recover", "Decisions after a disaster that no program may take by itself.", "cluster recover confirm 2");
        group.Add(Confirm(shell));
        return group;
    }

    private static CliCommand Confirm(CommandShell shell)
    {
        var command = new CliCommand(
            "confirm", "Let this machine's agent believe a new life of the cluster's state, after a restore. Run it on each node.",
            "cluster recover confirm 2");
        var incarnation = new Argument<long>("INCARNATION") { Description = "the number that the agent's log names" };
        var directory = MachineFlags.MakeDataDirectory();
        command.Add(incarnation);
        command.Add(directory);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var number = parse.GetValue(incarnation);
            if (number < 1) throw new CliException(ExitCode.BadInput, $"'{number}' is no incarnation: a number from 1 is");
            var paths = ClusterPaths.Resolve(parse.GetValue(directory));
            var file = NodeFile.At(paths);
            if ((await file.ReadAsync(cancellationToken)).Value is null)
                throw new CliException(ExitCode.NotFound, $"this machine is in no cluster: {paths.Root} has no node", "cluster init");
            var text = number.ToString(CultureInfo.InvariantCulture) + "\n";
            var target = Path.Combine(paths.AgentDirectory, ConfirmationFile);
            await AtomicFile.WriteTextAsync(target, text, FileModes.Private, cancellationToken);
            session.Print.Line($"This machine's agent believes incarnation {number} from its next session on.");
            return ExitCode.Done;
        });
    }
}
