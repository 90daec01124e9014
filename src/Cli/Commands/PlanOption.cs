// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace ClusterManager.Cli.Commands;

/// <summary>The flag of commands that carry out what was planned.</summary>
internal static class PlanOption
{
    /// <summary>Makes the flag.</summary>
    public static Option<string?> Make() => new("--plan")
    {
        Description = "Only as planned: refused when what the plan rests on has moved since", HelpName = "ID",
    };
}
