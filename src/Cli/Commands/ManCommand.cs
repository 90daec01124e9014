// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Shell;
using ClusterManager.Cli.Text;
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Cli.Commands;

/// <summary>The hidden <c>cluster man DIR</c> writes the manual pages, from the same words as the help.</summary>
internal static class ManCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell, Command root)
    {
        var command = new CliCommand("man", "Write the manual pages.", "cluster man /usr/share/man") { Hidden = true };
        var folder = new Argument<string>("DIR") { Description = "Where man1 and man8 are made" };
        command.Add(folder);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            foreach (var (file, text) in Pages(root))
            {
                var path = Path.Combine(session.Environment.Directory, parse.GetValue(folder)!, file);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllTextAsync(path, text, cancellationToken);
                session.Print.Line(path);
            }

            return ExitCode.Done;
        });
    }

    /// <summary>All pages: file below the folder of manual pages, and text.</summary>
    internal static IEnumerable<(string File, string Text)> Pages(Command root)
    {
        yield return ("man1/cluster.1", Overview(root));
        foreach (var command in Shown(root)) yield return ($"man1/cluster-{command.Name}.1", Of(command, root));
        yield return ("man8/cluster-agent.8", Program(
            "cluster-agent", "runs a machine's containers for Cluster Manager", "cluster-agent [--data-dir DIR]",
            "Runs on every node. It keeps the assignment of its node on disk and goes on without any manager. When it ends, containers and "
            + "their names stay; when it starts it finds them again. It listens on no port."));
        yield return ("man8/cluster-manager.8", Program(
            "cluster-manager", "decides what runs where in a cluster", "cluster-manager [--data-dir DIR] [--port PORT] [--verbose]",
            "Runs on one, three or five nodes; one of them leads. It listens on TCP port 7443. When it ends, another leads; with none left "
            + "all containers run on, and nothing is placed anew until one is back."));
    }

    private static string Overview(Command root)
    {
        var page = new ManPage("cluster", 1, ProgramVersion.Own, "run services on a cluster of Docker machines")
            .Section("Synopsis").Paragraph("cluster COMMAND [ARGUMENT]... [OPTION]...").Section("Commands");
        foreach (var command in Shown(root)) page.Item($"cluster {command.Name}", command.Description ?? "");
        page.Section("Options");
        AddOptions(page, root);
        page.Section("Exit status");
        foreach (var (code, meaning) in ExitCodes.Table) page.Item(((int)code).ToString(CultureInfo.InvariantCulture), meaning);
        page.Section("Files").Item("/var/lib/cluster", "This machine's part of the cluster: see --data-dir.")
            .Item("~/.config/cluster/config.yaml", "Contexts: the clusters that this user operates (CLUSTER_CONFIG names another file).");
        return page.Section("See also").Paragraph("cluster-agent(8), cluster-manager(8), docker(1), consul").ToString();
    }

    private static string Of(Command command, Command root)
    {
        var summary = (command.Description ?? "").TrimEnd('.');
        var page = new ManPage($"cluster-{command.Name}", 1, ProgramVersion.Own, summary);
        Add(page, command, $"cluster {command.Name}");
        page.Section("Options of every command");
        AddOptions(page, root);
        return page.Section("See also").Paragraph("cluster(1)").ToString();
    }

    private static void Add(ManPage page, Command command, string path)
    {
        var inner = Shown(command).ToArray();
        page.Section(inner.Length > 0 ? "Commands" : "Synopsis");
        foreach (var sub in inner.Length > 0 ? inner : [command])
        {
            var name = sub == command ? path : $"{path} {sub.Name}";
            var arguments = sub.Arguments.Select(a => a.Arity.MinimumNumberOfValues > 0 ? a.Name : $"[{a.Name}]");
            page.Part(string.Join(' ', arguments.Prepend(name)));
            if (sub != command) page.Paragraph(sub.Description ?? "");
            foreach (var argument in sub.Arguments) page.Item(argument.Name, argument.Description ?? "");
            AddOptions(page, sub);
            if (sub is CliCommand { Example.Length: > 0 } example) page.Verbatim(example.Example);
        }
    }

    private static void AddOptions(ManPage page, Command command)
    {
        foreach (var option in command.Options.Where(o => !o.Hidden && o.Name is not "--help" and not "--version"))
        {
            var names = string.Join(", ", option.Aliases.Order(StringComparer.Ordinal).Append(option.Name));
            page.Item(option.HelpName is null ? names : $"{names} {option.HelpName}", option.Description ?? "");
        }
    }

    private static string Program(string name, string summary, string synopsis, string text) =>
        new ManPage(name, 8, ProgramVersion.Own, summary).Section("Synopsis").Paragraph(synopsis).Section("Description").Paragraph(text)
            .Paragraph($"It is started by systemd ({name}.service) or by 'cluster host start', not by hand.")
            .Section("Options").Item("--data-dir DIR", "Where this machine's part is kept (CLUSTER_HOME, else /var/lib/cluster).")
            .Item("--version", "Print the version.").Section("See also").Paragraph("cluster(1)").ToString();

    private static IEnumerable<Command> Shown(Command command) => command.Subcommands.Where(c => !c.Hidden);
}
