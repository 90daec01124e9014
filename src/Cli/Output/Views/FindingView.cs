// SPDX-License-Identifier: Apache-2.0
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>One finding of <c>cluster doctor</c>.</summary>
/// <param name="Severity"><c>alarm</c>, <c>hint</c> or <c>ok</c>.</param>
/// <param name="Check">A stable word.</param>
/// <param name="Node">Null: the cluster as a whole, or whoever asks.</param>
/// <param name="Value">What is.</param>
/// <param name="Expected">What should be; null when it is.</param>
/// <param name="Remedy">What to do; null when nothing.</param>
internal sealed record FindingView(string Severity, string Check, string? Node, string Value, string? Expected, string? Remedy)
{
    /// <summary>How grave: the gravest first.</summary>
    public static int RankOf(FindingView view) => view.Severity switch { "alarm" => 0, "hint" => 1, _ => 2 };

    /// <summary>From the wire.</summary>
    public static FindingView Of(V1.Finding finding) => new(
        finding.Severity switch
        {
            V1.Finding.Types.Severity.Alarm => "alarm",
            V1.Finding.Types.Severity.Hint => "hint",
            _ => "ok",
        },
        finding.Check, OrNull(finding.Node), finding.Value, OrNull(finding.Expected), OrNull(finding.Remedy));

    /// <summary>As it should be.</summary>
    public static FindingView Ok(string check, string node, string value) => new("ok", check, OrNull(node), value, null, null);

    /// <summary>Could be better.</summary>
    public static FindingView Hint(string check, string node, string value, string expected, string remedy) =>
        new("hint", check, OrNull(node), value, expected, remedy);

    /// <summary>Hurts, or will.</summary>
    public static FindingView Alarm(string check, string node, string value, string expected, string remedy) =>
        new("alarm", check, OrNull(node), value, expected, remedy);

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
