// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace ClusterManager.Cli.Shell;

/// <summary>
/// <c>run [options] IMAGE [CMD…]</c>: what follows the image belongs to the container, dashes included. The parser needs <c>--</c> for that,
/// so one is put before the image.
/// </summary>
internal static class TrailingCommand
{
    /// <summary>The arguments, with <c>--</c> before the image when they are of such a command.</summary>
    public static IReadOnlyList<string> Mark(IReadOnlyList<string> arguments, Command root)
    {
        Command command = root;
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (word == "--") return arguments;
            if (word.StartsWith('-') && word.Length > 1)
            {
                if (TakesValue(command, root, word)) i++;
                continue;
            }

            if (command.Subcommands.FirstOrDefault(c => c.Name == word) is { } sub) command = sub;
            else return HasTrailing(command) ? [.. arguments.Take(i), "--", .. arguments.Skip(i)] : arguments;
        }

        return arguments;
    }

    private static bool HasTrailing(Command command) =>
        command.Arguments.Count == 2 && command.Arguments[0].Name == "IMAGE";

    private static bool TakesValue(Command command, Command root, string word)
    {
        if (word.Contains('=', StringComparison.Ordinal)) return false;
        var option = command.Options.Concat(root.Options).FirstOrDefault(o => o.Name == word || o.Aliases.Contains(word));
        return option is not null && option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0;
    }
}
