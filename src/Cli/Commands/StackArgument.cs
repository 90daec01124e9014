// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace ClusterManager.Cli.Commands;

/// <summary>The argument STACK.</summary>
internal static class StackArgument
{
    /// <summary>Makes it.</summary>
    public static Argument<string> Make() => new("STACK") { Description = "The stack" };
}
