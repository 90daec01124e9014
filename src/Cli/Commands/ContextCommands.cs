// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using ClusterManager.Cli.Contexts;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using ClusterManager.Cli.Text;
using ClusterManager.Hosting.Security;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster context ls|use|show</c>: the clusters this operator knows.</summary>
internal static class ContextCommands
{
    /// <summary>Makes the group.</summary>
    public static Command Make(CommandShell shell)
    {
        var group = new CliCommand("context", "The clusters you know, and which one is used.", "cluster context ls");
        group.Add(Ls(shell));
        group.Add(Use(shell));
        group.Add(Show(shell));
        return group;
    }

    private static CliCommand Ls(CommandShell shell) =>
        shell.Bind(new CliCommand("ls", "List contexts.", "cluster context ls -o json"), (session, _, _) =>
        {
            var file = ContextFile.Load(ContextFile.PathFor(session.Environment));
            session.Print.List([.. file.Contexts.Select(c => View(c, c.Name == file.Current))], c => c.Name, ViewJson.Default.ContextView,
            [
                new("NAME", c => c.Name),
                new("CURRENT", c => c.Current ? "*" : ""),
                new("MANAGERS", c => string.Join(", ", c.Managers)),
                new("OPERATOR", c => c.Operator ?? ""),
            ]);
            return Task.FromResult(ExitCode.Done);
        });

    private static CliCommand Use(CommandShell shell)
    {
        var command = new CliCommand("use", "Choose the context that commands use.", "cluster context use prod");
        var name = new Argument<string>("NAME") { Description = "The context" };
        command.Add(name);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var file = ContextFile.Load(ContextFile.PathFor(session.Environment));
            var chosen = parse.GetValue(name)!;
            if (file.Contexts.All(c => c.Name != chosen))
                throw new CliException(
                    ExitCode.NotFound,
                    $"there is no context '{chosen}' in {file.Path}{NearNames.Hint(chosen, file.Contexts.Select(c => c.Name))}",
                    "cluster context ls");
            await (file with { Current = chosen }).SaveAsync(cancellationToken);
            session.Print.Line(session.IsQuiet ? chosen : $"Using {chosen}.");
            return ExitCode.Done;
        });
    }

    private static CliCommand Show(CommandShell shell) =>
        shell.Bind(new CliCommand("show", "Show the context that is used and where each part of it comes from.", "cluster context show"),
            (session, _, _) =>
        {
            var resolved = session.Resolve();
            var view = View(resolved.Context, true);
            if (session.Print.IsForPrograms)
            {
                session.Print.List([view], c => c.Name, ViewJson.Default.ContextView, []);
                return Task.FromResult(ExitCode.Done);
            }

            session.Print.Line($"context       {view.Name}   (from {resolved.NameSource})");
            session.Print.Line($"managers      {string.Join(", ", view.Managers)}   (from {resolved.ManagersSource})");
            session.Print.Line($"cluster       {view.ClusterId ?? "-"}");
            session.Print.Line($"operator      {view.Operator ?? "- (no usable certificate)"}");
            session.Print.Line($"certificate   ends {view.CertificateNotAfter ?? "-"}");
            return Task.FromResult(ExitCode.Done);
        });

    private static ContextView View(ClusterContext context, bool isCurrent)
    {
        using var pair = context.CertificatePem is null ? null : CertificateWithKey.TryParse($"{context.CertificatePem}\n{context.KeyPem}");
        var identity = pair is null ? null : PeerIdentity.TryRead(pair.Certificate);
        var end = pair?.Certificate.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new ContextView(context.Name, isCurrent, context.Managers, identity?.ClusterId, identity?.Id, end);
    }
}
