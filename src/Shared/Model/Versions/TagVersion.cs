// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Model;

/// <summary>A tag that is a semantic version: <c>1.4.2</c>, <c>v1.4.2</c>, <c>1.4.2-rc.1</c>. What is absent counts as 0.</summary>
/// <param name="Major">The first number.</param>
/// <param name="Minor">The second number.</param>
/// <param name="Patch">The third number.</param>
/// <param name="PreRelease">What stands behind the first '-'; empty: a release.</param>
/// <param name="Parts">How many numbers the tag has: <c>1.4</c> has 2.</param>
public sealed record TagVersion(long Major, long Minor, long Patch, string PreRelease, int Parts) : IComparable<TagVersion>
{
    private const int PartsMax = 3;
    private const int DigitsMax = 15;

    /// <summary>True for a version that leads up to a release.</summary>
    public bool IsPreRelease => PreRelease.Length > 0;

    /// <summary>Reads a tag; null: it is no version.</summary>
    /// <param name="tag">As a registry names it.</param>
    public static TagVersion? Parse(string tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        var text = tag is ['v' or 'V', ..] ? tag[1..] : tag;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var pre = dash < 0 ? "" : text[(dash + 1)..];
        if (dash >= 0 && (pre.Length == 0 || pre.Split('.').Any(part => part.Length == 0))) return null;
        var numbers = (dash < 0 ? text : text[..dash]).Split('.');
        if (numbers.Length > PartsMax) return null;
        var values = new long[PartsMax];
        for (var i = 0; i < numbers.Length; i++)
        {
            // Versions have no leading zeros: 2024.01.02 is a date, and 007 nobody's third patch.
            var isNumber = numbers[i] is { Length: > 0 and <= DigitsMax } and not ['0', _, ..]
                && long.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out values[i]);
            if (!isNumber) return null;
        }

        return new TagVersion(values[0], values[1], values[2], pre, numbers.Length);
    }

    /// <summary>By semver.org's rules; how many numbers are written does not matter.</summary>
    public int CompareTo(TagVersion? other)
    {
        if (other is null) return 1;
        var byNumbers = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        if (byNumbers != 0) return byNumbers;
        // A release is above all that leads up to it.
        if (IsPreRelease != other.IsPreRelease) return IsPreRelease ? -1 : 1;
        return ComparePreReleases(PreRelease.Split('.'), other.PreRelease.Split('.'));
    }

    private static int ComparePreReleases(string[] mine, string[] theirs)
    {
        for (var i = 0; i < Math.Min(mine.Length, theirs.Length); i++)
        {
            var order = CompareParts(mine[i], theirs[i]);
            if (order != 0) return order;
        }

        return mine.Length.CompareTo(theirs.Length);
    }

    // Numbers by their value and below words; words by their bytes.
    private static int CompareParts(string mine, string theirs)
    {
        var (mineIsNumber, theirsIsNumber) = (mine.All(char.IsAsciiDigit), theirs.All(char.IsAsciiDigit));
        if (mineIsNumber != theirsIsNumber) return mineIsNumber ? -1 : 1;
        if (!mineIsNumber) return string.CompareOrdinal(mine, theirs);
        var (a, b) = (mine.TrimStart('0'), theirs.TrimStart('0'));
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);
    }
}
