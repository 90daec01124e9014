// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Backup;
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Shell;
using ClusterManager.Hosting.Files;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster restore</c>: a backup becomes the next life of the cluster's state, on this machine.</summary>
internal static class RestoreCommand
{
    private const long BytesMax = 256L << 20;

    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand(
            "restore", "Begin the cluster anew from a backup, with this machine as its first manager. All managers must be lost.",
            "cluster restore /mnt/safe/cluster.backup\ncluster restore cluster.backup --name m1 --advertise 192.0.2.1 --yes");
        var file = new Argument<string>("FILE") { Description = "From 'cluster backup'" };
        var passphrase = Passphrase.Option();
        var incarnation = new Option<long?>("--incarnation")
        {
            Description = "Number of the new life; only when the backup was restored before (default: one more than known)", HelpName = "N",
        };
        var yes = YesOption.Make();
        var machine = new MachineFlags();
        command.Add(file);
        foreach (var option in new Option[] { passphrase, incarnation, yes }) command.Add(option);
        machine.AddTo(command);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var bytes = await ReadAsync(Path.GetFullPath(parse.GetValue(file)!, session.Environment.Directory), cancellationToken);
            var backup = BackupFile.Open(bytes, Passphrase.Read(session, parse.GetValue(passphrase), isNew: false));
            var (paths, consul) = machine.Places(parse, session.Environment);
            var known = await KnownMachine.ReadAsync(paths, consul, session.Environment.Time, cancellationToken);
            var number = parse.GetValue(incarnation) ?? ClusterRestore.Next(backup, known?.Node);
            if (number <= backup.Version.Incarnation)
                throw new CliException(ExitCode.BadInput,
                    $"--incarnation {number}: a number above the backup's, {backup.Version.Incarnation}, is needed");
            if (known is not null) await CheckAsync(session, known, backup, parse.GetValue(yes), cancellationToken);
            var options = known is null ? machine.Read(parse, session.Environment) : machine.ReadOver(known.Options, parse);
            var restore = new ClusterRestore(options, backup, new StepReport(session), session.Environment.Time);
            var result = await restore.RunAsync(known, number, cancellationToken);
            await InitCommand.SaveContextAsync(session, paths, result, cancellationToken);
            Show(session, result, backup, number);
            return ExitCode.Done;
        });
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var info = new FileInfo(path);
        if (!info.Exists) throw new CliException(ExitCode.NotFound, $"there is no file {path}");
        if (info.Length > BytesMax) throw new CliException(ExitCode.BadInput, $"{path} has {info.Length} bytes: this is no backup");
        return await File.ReadAllBytesAsync(path, cancellationToken);
    }

    private static async Task CheckAsync(
        CliSession session, KnownMachine known, V1.Backup backup, bool isConfirmed, CancellationToken cancellationToken)
    {
        if (known.Node.ClusterId != backup.ClusterId)
            throw new CliException(ExitCode.Conflict,
                $"this machine is node {known.Node.NodeName} of cluster {known.Node.ClusterId}, the backup is of {backup.ClusterId}");
        if (await known.FindManagerAsync(cancellationToken) is { } living)
            throw new CliException(ExitCode.Conflict,
                $"the cluster lives: the manager at {living} answers. A restore needs that all are lost; nothing was changed",
                "cluster status");
        var when = TimeText.Ago(backup.CreatedUnixMs, session.Now);
        session.Confirm(
            $"Cluster {backup.Name} goes back to what it was {when}, with this machine, {known.Node.NodeName}, as its first manager; "
            + "what Consul still holds here is set aside. Containers run on.", isConfirmed);
    }

    private static void Show(CliSession session, InitResult result, V1.Backup backup, long incarnation)
    {
        if (session.Print.Format == OutputFormat.Name)
        {
            session.Print.Line(result.ClusterId);
            return;
        }

        var took = TimeText.Took(result.Elapsed);
        session.Print.Line($"Cluster \"{result.ClusterName}\" is restored on {result.NodeName}, incarnation {incarnation}.   {took}");
        session.Print.Line($"  manager    {result.ManagerAddress}");
        var others = BackupContent.Nodes(backup).Where(node => node.Name != result.NodeName).Select(node => node.Name)
            .Order(StringComparer.Ordinal).ToList();
        if (others.Count == 0) return;
        session.Print.Line($"Nothing was changed on {string.Join(", ", others)}. On each of them, to let it follow:");
        session.Print.Line($"  cluster recover confirm {incarnation} --address {result.ManagerAddress}");
        session.Print.Line("A machine that is lost for good:   cluster node rm NODE");
        session.Print.Line("What waits for you:                cluster status");
    }
}
