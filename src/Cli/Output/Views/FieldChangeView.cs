// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Output.Views;

/// <summary>One field that differs between two specs.</summary>
/// <param name="Field">As <c>cluster inspect</c> names it, with dots: <c>container.environment.LEVEL</c>.</param>
/// <param name="Before">Null: not set, or not shown.</param>
/// <param name="After">Null: not set, or not shown.</param>
/// <param name="Change"><c>set</c>, <c>changed</c> or <c>removed</c>.</param>
/// <param name="Hidden">The values are not shown: they may be secret.</param>
internal sealed record FieldChangeView(string Field, string? Before, string? After, string Change, bool Hidden)
{
    /// <summary>What follows the field's name in a line for people.</summary>
    public string Text => Hidden ? $"{Change} (value not shown)" : $"{Before ?? "(not set)"} → {After ?? "(not set)"}";
}
