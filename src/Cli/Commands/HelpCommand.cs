// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Shell;
using ClusterManager.Cli.Text;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster help exit-codes</c> and <c>cluster help COMMAND</c>.</summary>
internal static class HelpCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell, Command root)
    {
        var command = new CliCommand("help", "Help on a command, or on exit-codes.",
            "cluster help exit-codes\ncluster help service update");
        var topic = new Argument<string[]>("TOPIC") { Description = "exit-codes, or a command", Arity = ArgumentArity.ZeroOrMore };
        command.Add(topic);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var words = parse.GetValue(topic) ?? [];
            if (words is not ["exit-codes"])
            {
                CheckKnown(root, words);
                var help = root.Parse([.. words, "--help"]);
                return (ExitCode)await help.InvokeAsync(
                    new InvocationConfiguration { Output = session.Environment.Out, Error = session.Environment.Error }, cancellationToken);
            }

            foreach (var (code, meaning) in ExitCodes.Table)
                session.Print.Line($"{((int)code).ToString(CultureInfo.InvariantCulture),3}   {meaning}");
            return ExitCode.Done;
        });
    }

    private static void CheckKnown(Command root, IReadOnlyList<string> words)
    {
        var command = root;
        foreach (var word in words)
            command = command.Subcommands.FirstOrDefault(c => c.Name == word) ?? throw new CliException(
                ExitCode.BadInput,
                $"there is no help on '{word}'{NearNames.Hint(word, command.Subcommands.Select(c => c.Name).Append("exit-codes"))}",
                "cluster --help");
    }
}
