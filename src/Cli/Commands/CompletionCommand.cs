// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Shell;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster completion bash|zsh|fish</c> prints a script; the script asks the hidden <c>cluster complete</c> for
/// words.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _cluster() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(cluster complete "${COMP_LINE:0:$COMP_POINT}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _cluster cluster
        """;

    private const string Zsh = """
        #compdef cluster
        _cluster() {
            local -a words_found
            words_found=("${(@f)$(cluster complete "${LBUFFER}" 2>/dev/null)}")
            compadd -a words_found
        }
        compdef _cluster cluster
        """;

    private const string Fish = """
        complete -c cluster -f -a '(cluster complete (commandline -cp) 2>/dev/null)'
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("completion", "Print a script that completes commands and names in a shell.",
            "source <(cluster completion bash)\ncluster completion fish > ~/.config/fish/completions/cluster.fish");
        var kind = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        kind.AcceptOnlyFromAmong("bash", "zsh", "fish");
        command.Add(kind);
        return shell.Bind(command, (session, parse, _) =>
        {
            session.Print.Line(parse.GetValue(kind) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return Task.FromResult(ExitCode.Done);
        });
    }

    /// <summary>Makes the hidden command that answers with words, one a line.</summary>
    public static Command MakeComplete(CommandShell shell, Command root)
    {
        var command = new CliCommand("complete", "Words for a shell's completion.",
            "cluster complete 'cluster service '") { Hidden = true };
        var line = new Argument<string>("LINE") { Description = "The command line up to the cursor" };
        command.Add(line);
        return shell.Bind(command, (session, parse, _) =>
        {
            var text = parse.GetValue(line)!;
            var blank = text.IndexOf(' ', StringComparison.Ordinal);
            var rest = blank < 0 ? "" : text[(blank + 1)..];
            foreach (var item in root.Parse(rest).GetCompletions(rest.Length).Select(c => c.Label).Where(l => l[0] != '/' && l != "-?")
                .Distinct().Take(1000)) session.Print.Line(item);
            return Task.FromResult(ExitCode.Done);
        });
    }
}
