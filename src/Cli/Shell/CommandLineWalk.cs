// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace ClusterManager.Cli.Shell;

/// <summary>
/// A first look at the words, for two things the parser does otherwise: an unknown option would become an argument ("logs --folow"), and in
/// <c>run [options] IMAGE [CMD…]</c> what follows the image belongs to the container, dashes included.
/// </summary>
/// <param name="Command">The command that the words name.</param>
/// <param name="Arguments">The words for the parser, with <c>--</c> before an image.</param>
/// <param name="UnknownOption">The first option that the command does not have; null: none.</param>
internal sealed record CommandLineWalk(Command Command, IReadOnlyList<string> Arguments, string? UnknownOption)
{
    /// <summary>Looks at a command line.</summary>
    public static CommandLineWalk Over(IReadOnlyList<string> words, Command root)
    {
        var command = root;
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word == "--") break;
            if (word.StartsWith('-') && word.Length > 1)
            {
                if (Find(command, root, word) is not { } option) return new CommandLineWalk(command, words, word.Split('=')[0]);
                if (TakesNext(option, word)) i++;
            }
            else if (command.Subcommands.FirstOrDefault(c => c.Name == word) is { } sub)
            {
                command = sub;
            }
            else if (HasTrailing(command))
            {
                return new CommandLineWalk(command, [.. words.Take(i), "--", .. words.Skip(i)], null);
            }
        }

        return new CommandLineWalk(command, words, null);
    }

    private static bool HasTrailing(Command command) => command.Arguments is [{ Name: "IMAGE" }, _];

    private static Option? Find(Command command, Command root, string word)
    {
        var name = word.Split('=')[0];
        var options = command.Options.Concat(root.Options).ToArray();
        return options.FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name))
            // A value may stand right behind a short option: -p8080.
            ?? (word[1] == '-' ? null : options.FirstOrDefault(o => o.Aliases.Contains(word[..2])));
    }

    private static bool TakesNext(Option option, string word) =>
        option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0
            && (option.Name == word || option.Aliases.Contains(word));
}
