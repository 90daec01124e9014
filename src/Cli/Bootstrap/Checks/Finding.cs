// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Bootstrap.Checks;

/// <summary>Something about a machine that stands in the way of its being a node.</summary>
/// <param name="Check">What was looked at: a short word, for programs too.</param>
/// <param name="Problem">What is found, with its value.</param>
/// <param name="Remedy">What to do; null where the problem says it.</param>
/// <param name="Blocks">False: it may go well, but a person should know.</param>
internal sealed record Finding(string Check, string Problem, string? Remedy = null, bool Blocks = true)
{
    /// <summary>One line.</summary>
    public override string ToString() => Remedy is null ? Problem : $"{Problem}: {Remedy}";
}
