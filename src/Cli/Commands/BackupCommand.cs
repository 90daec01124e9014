// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using ClusterManager.Cli.Backup;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Shell;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster backup</c>: everything that fresh managers would need, in one encrypted file.</summary>
internal static class BackupCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand(
            "backup", "Write the cluster's state, keys and tokens into an encrypted file (on a manager, as root).",
            "cluster backup /mnt/safe/cluster.backup --passphrase-file /root/passphrase");
        var file = new Argument<string>("FILE") { Description = "Where to; written whole or not at all" };
        var passphrase = Passphrase.Option();
        var stale = new Option<bool>("--stale")
        {
            Description = "Read this machine's Consul server alone, without a quorum: when the other servers are lost for good",
        };
        var directory = MachineFlags.MakeDataDirectory();
        foreach (var symbol in new Option[] { passphrase, stale, directory }) command.Add(symbol);
        command.Add(file);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var target = Path.GetFullPath(parse.GetValue(file)!, session.Environment.Directory);
            var paths = ClusterPaths.Resolve(parse.GetValue(directory) ?? session.Environment.Variable(ClusterPaths.EnvironmentVariable));
            var backup = await new BackupSource(paths, session.Environment.Time).ReadAsync(parse.GetValue(stale), cancellationToken);
            var secret = Passphrase.Read(session, parse.GetValue(passphrase), isNew: true);
            var content = BackupFile.Close(backup, secret);
            // Read back before it is believed.
            BackupFile.Open(content, secret);
            await AtomicFile.WriteAsync(target, content, FileModes.Private, cancellationToken);
            if (session.Print.Format == OutputFormat.Name)
            {
                session.Print.Line(target);
                return ExitCode.Done;
            }

            var version = $"{backup.Version.Incarnation}.{backup.Version.Term}.{backup.Version.Number}";
            var (services, nodes) = (BackupContent.Services(backup), BackupContent.Nodes(backup).Count());
            session.Print.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"Wrote {target}: state {version} of cluster {backup.Name}, services {services}, nodes {nodes}, ")
                + $"{AmountText.Bytes(content.Length)}.");
            session.Hint("Keep it off these machines, and its passphrase elsewhere. It is used with: cluster restore FILE");
            return ExitCode.Done;
        });
    }
}
