// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;

namespace ClusterManager.Cli.Commands;

/// <summary>The flag <c>--on-failure</c>: what becomes of a stack's other services when one fails.</summary>
internal static class OnFailureOption
{
    private const string Keep = "keep";
    private const string Rollback = "rollback";

    /// <summary>Makes the option.</summary>
    public static Option<string?> Make() => new("--on-failure")
    {
        Description = "When one service fails: rollback brings all back (default), keep leaves the others as they are",
        HelpName = $"{Rollback}|{Keep}",
    };

    /// <summary>The others stay.</summary>
    /// <exception cref="CliException">It is neither word.</exception>
    public static bool IsKeep(ParseResult parse, Option<string?> option) => parse.GetValue(option) switch
    {
        null or Rollback => false,
        Keep => true,
        var other => throw new CliException(ExitCode.BadInput, $"--on-failure: '{other}' is not understood: {Rollback} or {Keep} is"),
    };
}
