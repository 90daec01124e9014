// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Cli.Contexts;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Shell;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster recover …</c>: decisions after a disaster that no program may take by itself.</summary>
internal static class RecoverCommands
{
    /// <summary>Makes the group; with <c>--from-agents</c> it acts itself.</summary>
    public static Command Make(CommandShell shell)
    {
        var group = new CliCommand(
            "recover", "Decisions after a disaster that no program may take by itself.",
            "cluster recover confirm 2\ncluster recover --from-agents --yes");
        var rebuild = new Option<bool>("--from-agents")
        {
            Description = "All managers, Consul and every backup are lost: begin anew on this node and rebuild from what the nodes run",
        };
        var name = new Option<string?>("--cluster-name") { Description = "Name of the cluster (default: default)", HelpName = "NAME" };
        var incarnation = new Option<long?>("--incarnation")
        {
            Description = "Number of the new life; higher than any node knows (default: one more than this node)", HelpName = "N",
        };
        var yes = YesOption.Make();
        var directory = MachineFlags.MakeDataDirectory();
        foreach (var option in new Option[] { rebuild, name, incarnation, yes, directory }) group.Add(option);
        group.Add(Confirm(shell));
        group.Add(RecoverStrayCommands.Ls(shell));
        group.Add(RecoverStrayCommands.Adopt(shell));
        return shell.Bind(group, async (session, parse, cancellationToken) =>
        {
            if (!parse.GetValue(rebuild))
                throw new CliException(ExitCode.BadInput, "what is to be recovered? confirm, ls, adopt, or --from-agents",
                    "cluster recover --help");
            var paths = PathsOf(session, parse.GetValue(directory));
            var known = await KnownAsync(paths, session, cancellationToken);
            var number = parse.GetValue(incarnation) ?? known.Node.Incarnation + 1;
            if (number <= known.Node.Incarnation)
                throw new CliException(ExitCode.BadInput, $"--incarnation {number}: a number above {known.Node.Incarnation} is needed");
            await ConfirmLossAsync(session, known, parse.GetValue(yes), cancellationToken);
            await RebuildAsync(session, paths, known, (parse.GetValue(name) ?? "default", number), cancellationToken);
            return ExitCode.Done;
        });
    }

    private static async Task ConfirmLossAsync(
        CliSession session, KnownMachine known, bool isConfirmed, CancellationToken cancellationToken)
    {
        if (await known.FindManagerAsync(cancellationToken) is { } living)
            throw new CliException(ExitCode.Conflict, $"the cluster lives: the manager at {living} answers; nothing was changed",
                "cluster status");
        session.Confirm(
            $"Cluster {known.Node.ClusterId} begins anew on {known.Node.NodeName}. Tokens, operators' certificates, histories, labels and "
            + "services without a running replica are lost; what Consul still holds here is set aside. Containers run on.", isConfirmed);
    }

    private static async Task RebuildAsync(
        CliSession session, ClusterPaths paths, KnownMachine known, (string Name, long Incarnation) life,
        CancellationToken cancellationToken)
    {
        var (name, incarnation) = life;
        var result = await new ClusterRebuild(known, paths, new StepReport(session), session.Environment.Time)
            .RunAsync(name, incarnation, cancellationToken);
        await InitCommand.SaveContextAsync(session, paths, result, cancellationToken);
        session.Print.Line(
            $"Cluster \"{name}\" begins anew on {result.NodeName}, incarnation {incarnation}.   {TimeText.Took(result.Elapsed)}");
        session.Print.Line("On each other machine that runs containers of it:");
        session.Print.Line($"  cluster join {result.ManagerAddress} --token {result.JoinToken} --keep");
        session.Print.Line("Then here, once all are in (what is not in yet would be started a second time):");
        session.Print.Line("  cluster recover ls");
        session.Print.Line("  cluster recover adopt --all");
        session.Print.Line("Lost: tokens, operators' certificates, labels and availability of nodes, histories, services scaled to 0.");
    }

    private static CliCommand Confirm(CommandShell shell)
    {
        var command = new CliCommand(
            "confirm", "Let this machine believe a new life of the cluster's state, after a restore. Run it on each node.",
            "cluster recover confirm 2\ncluster recover confirm 2 --address 192.0.2.9:7443");
        var incarnation = new Argument<long>("INCARNATION") { Description = "the number that 'cluster status' and the agent's log name" };
        var directory = MachineFlags.MakeDataDirectory();
        command.Add(incarnation);
        command.Add(directory);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var number = parse.GetValue(incarnation);
            if (number < 1) throw new CliException(ExitCode.BadInput, $"'{number}' is no incarnation: a number from 1 is");
            var paths = PathsOf(session, parse.GetValue(directory));
            var known = await KnownAsync(paths, session, cancellationToken);
            var named = (parse.GetValue(shell.Options.Manager) ?? []).Select(ContextResolver.WithPort).ToArray();
            var confirm = new IncarnationConfirm(known, paths, new StepReport(session), session.Environment.Time);
            await confirm.RunAsync(number, named.Length > 0 ? named : known.Node.ManagerAddresses, cancellationToken);
            session.Print.Line($"{known.Node.NodeName} follows incarnation {number}.");
            return ExitCode.Done;
        });
    }

    private static async Task<KnownMachine> KnownAsync(ClusterPaths paths, CliSession session, CancellationToken cancellationToken) =>
        await KnownMachine.ReadAsync(paths, null, session.Environment.Time, cancellationToken)
        ?? throw new CliException(ExitCode.NotFound, $"this machine is in no cluster: {paths.Root} has no node", "cluster init");

    private static ClusterPaths PathsOf(CliSession session, string? directory) =>
        ClusterPaths.Resolve(directory ?? session.Environment.Variable(ClusterPaths.EnvironmentVariable));
}
