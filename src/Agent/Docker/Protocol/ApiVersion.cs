// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Agent.Docker;

/// <summary>A version of the Engine API, such as 1.41.</summary>
/// <param name="Major">1 so far.</param>
/// <param name="Minor">Counts up; compared as a number.</param>
internal readonly record struct ApiVersion(int Major, int Minor)
{
    /// <summary>Reads <c>1.41</c>.</summary>
    /// <returns>The version, or null when the text is none.</returns>
    public static ApiVersion? TryParse(string? text)
    {
        if (text?.Split('.') is not [var major, var minor])
            return null;
        return int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var majorNumber)
            && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var minorNumber)
                ? new ApiVersion(majorNumber, minorNumber)
                : null;
    }

    /// <summary>True when this version is older than the other.</summary>
    public bool IsBefore(ApiVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor)) < 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Major}.{Minor}";
}
