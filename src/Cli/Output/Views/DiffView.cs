// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Output.Views;

/// <summary>One service of <c>cluster diff</c>.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Change"><c>created</c> (only on the right), <c>removed</c> (only on the left), <c>changed</c> or <c>unchanged</c>.</param>
/// <param name="From">What is on the left: <c>cluster</c> or a revision.</param>
/// <param name="To">What is on the right: <c>file</c> or a revision.</param>
/// <param name="Fields">What differs; empty for a service that is only on one side.</param>
internal sealed record DiffView(string Service, string Change, string From, string To, IReadOnlyList<FieldChangeView> Fields)
{
    /// <summary>The sign that plans have for it.</summary>
    public string Sign => Change switch { "created" => "+", "removed" => "-", "changed" => "~", _ => "=" };
}
