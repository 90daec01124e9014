// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>Names of services, stacks and nodes: RFC 1123 labels in lower case.</summary>
public static class DnsLabel
{
    /// <summary>Longest label.</summary>
    public const int LengthMax = 63;

    /// <summary>What is allowed, for error messages.</summary>
    public const string Allowed = "a DNS label: 1 to 63 of a-z, 0-9 and '-', neither first nor last a '-'";

    /// <summary>True for a valid label.</summary>
    public static bool IsValid(string? text)
    {
        if (text is null || text.Length is 0 or > LengthMax || text[0] == '-' || text[^1] == '-') return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-') return false;
        }

        return true;
    }
}
