// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Compose;

namespace ClusterManager.Cli.Commands;

/// <summary>One flag of several that change a policy together.</summary>
internal static class PolicyFlag
{
    /// <summary>Makes it.</summary>
    public static Option<string?> Make(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };

    /// <summary>The policy with the flag, if it is given.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="policy">What was set before.</param>
    /// <param name="option">The flag.</param>
    /// <param name="read">Understands its text; null: it does not.</param>
    /// <param name="allowed">What it would understand.</param>
    /// <param name="errors">Takes what is not understood.</param>
    public static T Read<T>(
        ParseResult parse, T policy, Option<string?> option, Func<T, string, T?> read, string allowed, List<string> errors)
        where T : class
    {
        if (parse.GetValue(option) is not { } text) return policy;
        if (read(policy, text) is { } changed) return changed;
        errors.Add($"{option.Name}: '{ReadContext.Shown(text)}' is not understood: {allowed} is");
        return policy;
    }
}
