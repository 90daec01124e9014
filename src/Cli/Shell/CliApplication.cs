// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using ClusterManager.Cli.Commands;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Text;

namespace ClusterManager.Cli.Shell;

/// <summary>The whole command line: the tree of commands, parsing, and what happens before a command begins.</summary>
internal static class CliApplication
{
    /// <summary>Runs one command line and answers the exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliEnvironment environment, CancellationToken cancellationToken)
    {
        var root = MakeRoot(new CommandShell(environment));
        var walk = CommandLineWalk.Over(arguments, root);
        if (walk.UnknownOption is { } option) return (int)ReportOption(option, walk.Command, root, environment);
        var parse = root.Parse(walk.Arguments, Configuration());
        if (parse.Errors.Count > 0 && parse.Action is not HelpWithExample) return (int)ReportUsage(parse, arguments, environment);
        return await parse.InvokeAsync(
            new InvocationConfiguration
            {
                Output = environment.Out,
                Error = environment.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = parse.CommandResult.Command is CliCommand { OwnsSignals: true } ? null
                    : TimeSpan.FromSeconds(3),
            },
            cancellationToken);
    }

    /// <summary>The tree of commands.</summary>
    public static RootCommand MakeRoot(CommandShell shell)
    {
        var root = new RootCommand("Runs services on a cluster of Docker machines.");
        shell.Options.AddTo(root);
        foreach (var command in CommandTree.Make(shell, root)) root.Add(command);
        if (root.Options.OfType<HelpOption>().FirstOrDefault() is { Action: HelpAction help } option)
            option.Action = new HelpWithExample(help);
        return root;
    }

    // "@file" is an image's or a person's text, never a file of arguments.
    private static ParserConfiguration Configuration() => new() { ResponseFileTokenReplacer = null };

    private static ExitCode ReportUsage(ParseResult parse, IReadOnlyList<string> arguments, CliEnvironment environment)
    {
        var unknown = parse.UnmatchedTokens.Count > 0 ? parse.UnmatchedTokens[0] : null;
        var command = unknown is null ? parse.CommandResult.Command : CommandAt(parse.RootCommandResult.Command, arguments, unknown);
        if (unknown is not null)
        {
            var kind = command.Subcommands.Count > 0 ? "command" : "argument";
            var known = command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
            environment.Error.WriteLine($"error: unknown {kind} '{unknown}'{NearNames.Hint(unknown, known)}");
        }

        // The library words these after its own tokens; one line each.
        foreach (var error in parse.Errors.Where(e => unknown is null || !e.Message.Contains(unknown, StringComparison.Ordinal)).Take(10))
            if (unknown is null || !error.Message.StartsWith("Required command", StringComparison.Ordinal))
                environment.Error.WriteLine($"error: {error.Message}");
        environment.Error.WriteLine($"next: {PathOf(command)} --help");
        return ExitCode.BadInput;
    }

    private static ExitCode ReportOption(string option, Command command, Command root, CliEnvironment environment)
    {
        var known = command.Options.Concat(root.Options).SelectMany(o => o.Aliases.Prepend(o.Name));
        environment.Error.WriteLine($"error: unknown option '{option}'{NearNames.Hint(option, known)}");
        environment.Error.WriteLine($"next: {PathOf(command)} --help");
        return ExitCode.BadInput;
    }

    // The parser goes on behind a word it does not know: "servce ls" would blame ls.
    private static Command CommandAt(Command root, IReadOnlyList<string> arguments, string unknown)
    {
        var command = root;
        foreach (var word in arguments.TakeWhile(a => a != unknown))
            command = command.Subcommands.FirstOrDefault(c => c.Name == word) ?? command;
        return command;
    }

    private static string PathOf(Command command)
    {
        var path = "cluster";
        var names = new List<string>();
        for (var c = command; c is not RootCommand && c is not null; c = c.Parents.OfType<Command>().FirstOrDefault()) names.Add(c.Name);
        names.Reverse();
        return names.Count == 0 ? path : $"{path} {string.Join(' ', names)}";
    }
}
