// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Cli.Contexts;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Shell;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster init</c>: the first machine of a cluster.</summary>
internal static class InitCommand
{
    private const string NameDefault = "default";

    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("init", "Make a cluster whose first machine is this one.",
            "cluster init\ncluster init --name m1 --advertise 192.0.2.1 --cluster-name prod");
        var name = new Option<string?>("--cluster-name") { Description = "Name of the cluster, and of its context (default: default)",
            HelpName = "NAME" };
        var machine = new MachineFlags();
        command.Add(name);
        machine.AddTo(command);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var options = machine.Read(parse, session.Environment);
            var init = new ClusterInit(options, parse.GetValue(name) ?? NameDefault, new StepReport(session), session.Environment.Time);
            var result = await init.RunAsync(cancellationToken);
            var context = await SaveContextAsync(session, ClusterPaths.Resolve(options.DataDirectory), result, cancellationToken);
            Show(session, result, context, options.Advertise);
            return ExitCode.Done;
        });
    }

    // The operator's own file, and a copy on the first machine from which another user of it can start.
    internal static async Task<string?> SaveContextAsync(
        CliSession session, ClusterPaths paths, InitResult result, CancellationToken cancellationToken)
    {
        var copy = new ContextFile { Path = Path.Combine(InitResult.OperatorDirectory(paths), "config.yaml") };
        var file = ContextFile.Load(ContextFile.PathFor(session.Environment));
        var context = result.OperatorCertificatePem.Length == 0
            ? ContextFile.Load(copy.Path).Contexts.FirstOrDefault()
            : new ClusterContext
            {
                Name = result.ClusterName, Managers = [result.ManagerAddress], CaPem = result.CaPem,
                CertificatePem = result.OperatorCertificatePem, KeyPem = result.OperatorKeyPem,
            };
        if (context is null) return null;
        if (!result.WasThere) await copy.With(context).SaveAsync(cancellationToken);
        if (result.WasThere && file.Contexts.Any(c => c.CaPem?.Trim() == context.CaPem?.Trim())) return context.Name;
        if (file.Contexts.Any(c => c.Name == context.Name && c.CaPem?.Trim() != context.CaPem?.Trim()))
            session.Note($"notice: the context '{context.Name}' was of another cluster; it is replaced");
        await file.With(context).SaveAsync(cancellationToken);
        return context.Name;
    }

    private static void Show(CliSession session, InitResult result, string? context, string advertise)
    {
        var took = TimeText.Took(result.Elapsed);
        if (session.Print.Format == OutputFormat.Name)
        {
            session.Print.Line(result.ClusterId);
            return;
        }

        session.Print.Line(result.WasThere
            ? $"Cluster {result.ClusterId} is there already; node {result.NodeName} runs.   {took}"
            : $"Cluster \"{result.ClusterName}\" created on {result.NodeName} ({advertise}).   {took}");
        session.Print.Line($"  manager    {result.ManagerAddress}");
        session.Print.Line($"  cluster    {result.ClusterId}");
        if (context is not null) session.Print.Line($"  context    {context}   ({ContextFile.PathFor(session.Environment)})");
        session.Print.Line(result.JoinToken.Length > 0
            ? $"Add a node:      cluster join {result.ManagerAddress} --token {result.JoinToken}   (valid 24h, 10 uses)"
            : "Add a node:      cluster token create");
        session.Print.Line("Add a manager:   cluster token create --manager   (3 managers survive the loss of 1)");
        session.Print.Line("First service:   cluster run --name web -p 8080 IMAGE");
    }
}
