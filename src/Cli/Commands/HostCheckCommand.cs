// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Cli.Bootstrap.Checks;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster host check</c>: what <c>init</c> and <c>join</c> look at first, without changing anything.</summary>
internal static class HostCheckCommand
{
    private static readonly Finding NoRoute = new(
        "address", "this machine has no default route", "init and join need --advertise IP", Blocks: false);

    /// <summary>Makes the command.</summary>
    public static CliCommand Make(CommandShell shell)
    {
        var command = new CliCommand(
            "check", "Say what stands in the way of this machine's being a node (exit code 1 when something does).",
            "cluster host check\ncluster host check --docker-socket /run/docker.sock -o json");
        var machine = new MachineFlags();
        machine.AddTo(command);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var options = machine.Read(parse, session.Environment, needsAddress: false);
            var paths = ClusterPaths.Resolve(options.DataDirectory);
            // The ports of a machine that is a node already are taken by its own programs.
            var isNode = File.Exists(paths.NodeFile);
            if (isNode) options = await OfNodeAsync(options, paths, cancellationToken);
            var (findings, _) = await Preflight.FindAsync(options, isNode ? [] : Preflight.AllPorts, cancellationToken);
            if (options.Advertise.Length == 0)
                findings = [.. findings, NoRoute];
            Show(session, findings);
            return findings.Any(finding => finding.Blocks) ? ExitCode.Failed : ExitCode.Done;
        });
    }

    // A node knows which engine and which Consul are its own.
    private static async Task<MachineOptions> OfNodeAsync(MachineOptions options, ClusterPaths paths, CancellationToken cancellationToken)
    {
        var node = (await NodeFile.At(paths).ReadAsync(cancellationToken)).Value;
        var consul = (await HostFile.ReadAsync(paths, cancellationToken)).File?.Roles.FirstOrDefault(role => role.Name == "consul");
        return options with
        {
            DockerSocket = node?.DockerSocket ?? options.DockerSocket, ConsulBinary = options.ConsulBinary ?? consul?.Command[0],
        };
    }

    private static void Show(CliSession session, IReadOnlyList<Finding> findings)
    {
        var rows = findings.Select(f => new CheckView(f.Check, f.Blocks, f.Problem, f.Remedy)).ToArray();
        if (!session.Print.IsForPrograms && !rows.Any(r => r.Blocks)) session.Print.Line("Nothing stands in the way.");
        if (!session.Print.IsForPrograms && rows.Length == 0) return;
        session.Print.List(rows, r => r.Check, ViewJson.Default.CheckView,
        [
            new("CHECK", r => r.Check),
            new("BLOCKS", r => r.Blocks ? "yes" : "no"),
            new("WHAT", r => r.Problem),
            new("REMEDY", r => r.Remedy ?? ""),
        ]);
    }
}
