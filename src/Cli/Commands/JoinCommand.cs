// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Cli.Contexts;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Shell;
using ClusterManager.Hosting.Security;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster join</c>: another machine of a cluster.</summary>
internal static class JoinCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand(
            "join", "Make this machine a node of a cluster.",
            "cluster join 192.0.2.1:7443 --token CMT-1-…\ncluster join 192.0.2.1:7443 --token CMT-1-… --manager");
        var address = new Argument<string>("ADDRESS") { Description = "A manager's address, HOST[:7443]" };
        var token = new Option<string?>("--token") { Description = "From 'cluster token create' (CLUSTER_TOKEN)", HelpName = "TOKEN" };
        var manager = new Option<bool>("--manager") { Description = "Run a manager here too; needs a token made with --manager" };
        var server = new Option<bool>("--consul-server") { Description = "Run a Consul server here; needs a token made with --manager" };
        var keep = new Option<bool>("--keep") { Description = "This machine is a node already: it comes back with what it runs" };
        var machine = new MachineFlags();
        command.Add(keep);
        command.Add(address);
        command.Add(token);
        command.Add(manager);
        command.Add(server);
        machine.AddTo(command);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var read = Token(parse.GetValue(token) ?? session.Environment.Variable("CLUSTER_TOKEN"));
            var kept = parse.GetValue(keep) ? await KeptAsync(machine, parse, session, cancellationToken) : null;
            var options = kept is null ? machine.Read(parse, session.Environment) : machine.ReadOver(kept.Options, parse);
            var join = new ClusterJoin(
                options, ContextResolver.WithPort(parse.GetValue(address)!), read, parse.GetValue(manager), parse.GetValue(server),
                new StepReport(session), session.Environment.Time, kept);
            var result = await join.RunAsync(cancellationToken);
            if (session.Print.Format == OutputFormat.Name)
            {
                session.Print.Line(result.NodeName);
                return ExitCode.Done;
            }

            session.Print.Line(result.WasThere
                ? $"{result.NodeName} is a node of cluster {result.ClusterId} already; it runs.   {TimeText.Took(result.Elapsed)}"
                : $"{result.NodeName} joined cluster {result.ClusterId}.   {TimeText.Took(result.Elapsed)}");
            session.Print.Line($"  role       {(result.IsManager ? "manager and agent" : "agent")}");
            session.Print.Line($"  managers   {string.Join(", ", result.Managers)}");
            return ExitCode.Done;
        });
    }

    private static async Task<KnownMachine> KeptAsync(
        MachineFlags machine, ParseResult parse, CliSession session, CancellationToken cancellationToken)
    {
        var (paths, consul) = machine.Places(parse, session.Environment);
        return await KnownMachine.ReadAsync(paths, consul, session.Environment.Time, cancellationToken)
            ?? throw new CliException(ExitCode.NotFound, $"there is nothing to keep: {paths.Root} has no node", "cluster join");
    }

    private static JoinToken Token(string? text)
    {
        if (text is null)
            throw new CliException(ExitCode.BadInput, "a token is needed: --token or CLUSTER_TOKEN",
                "cluster token create     (on a machine of the cluster)");
        return JoinToken.TryParse(text, out var problem)
            ?? throw new CliException(ExitCode.BadInput, problem!, "cluster token create     (on a machine of the cluster)");
    }
}
