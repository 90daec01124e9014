// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace ClusterManager.Hosting.Security;

/// <summary>Which names and addresses a certificate may carry.</summary>
internal static class SubjectNames
{
    private const int CountMax = 32;
    private const int NameLengthMax = 253;
    private const int LabelLengthMax = 63;

    /// <summary>What is wrong with the list, or null. Wildcards are refused: a manager names itself.</summary>
    internal static string? Problem(IReadOnlyList<string> names)
    {
        if (names.Count > CountMax) return $"more than {CountMax} names were asked for";
        return names.All(n => IPAddress.TryParse(n, out _) || IsDnsName(n))
            ? null
            : "one of the names is neither an IP address nor a DNS name";
    }

    private static bool IsDnsName(string name) =>
        name.Length is > 0 and <= NameLengthMax && name.Split('.').All(IsLabel);

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LabelLengthMax
        && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
