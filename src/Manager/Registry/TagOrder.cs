// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Manager.Registry;

/// <summary>
/// Puts tags in the order of what looks newest. A registry does not say when a tag was set, so their words have to do: versions from high
/// to low (a plain one before its variants, and these before what leads up to it), then everything else by name. Pure.
/// </summary>
/// <remarks>
/// <c>1.27.3, 1.27.3-alpine, 1.27.3-rc1, 1.27, v1.26, latest</c>. Dates are numbers too, and so come before versions of one or two digits.
/// </remarks>
internal sealed class TagOrder : IComparer<string>
{
    private const int DigitsMax = 18;
    private static readonly char[] Digits = [.. "0123456789"];
    private static readonly string[] LeadingUp = ["alpha", "beta", "rc", "pre", "dev", "snapshot", "nightly", "canary"];

    /// <summary>The only one that is needed.</summary>
    public static TagOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (one, other) = (Version.Of(x ?? ""), Version.Of(y ?? ""));
        if (one is null || other is null)
            return one is not null ? -1 : other is not null ? 1 : string.CompareOrdinal(x, y);
        for (var i = 0; i < Math.Max(one.Numbers.Count, other.Numbers.Count); i++)
        {
            // What has no such part is the shorter name of some version, and comes after those.
            var (mine, theirs) = (one.At(i), other.At(i));
            if (mine != theirs) return theirs.CompareTo(mine);
        }

        var byKind = one.Kind.CompareTo(other.Kind);
        if (byKind != 0) return byKind;
        var bySuffix = one.Kind == SuffixKind.LeadingUp
            ? CompareNumbersIn(other.Suffix, one.Suffix) : string.CompareOrdinal(one.Suffix, other.Suffix);
        return bySuffix != 0 ? bySuffix : string.CompareOrdinal(x, y);
    }

    // rc10 is newer than rc9: first by the word, then by the number behind it, of which the longer one is the larger.
    private static int CompareNumbersIn(string x, string y)
    {
        var (word, otherWord) = (x.TrimEnd(Digits), y.TrimEnd(Digits));
        var byWord = string.CompareOrdinal(word, otherWord);
        if (byWord != 0) return byWord;
        return x.Length != y.Length ? x.Length.CompareTo(y.Length) : string.CompareOrdinal(x, y);
    }

    private enum SuffixKind
    {
        None,
        Variant,
        LeadingUp,
    }

    private sealed record Version(List<long> Numbers, string Suffix, SuffixKind Kind)
    {
        public long At(int part) => part < Numbers.Count ? Numbers[part] : -1;

        public static Version? Of(string tag)
        {
            var at = tag is ['v' or 'V', >= '0' and <= '9', ..] ? 1 : 0;
            var numbers = new List<long>();
            while (at < tag.Length && char.IsAsciiDigit(tag[at]))
            {
                var start = at;
                while (at < tag.Length && char.IsAsciiDigit(tag[at])) at++;
                if (at - start > DigitsMax) return null;
                numbers.Add(long.Parse(tag.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture));
                if (at + 1 < tag.Length && tag[at] == '.' && char.IsAsciiDigit(tag[at + 1])) at++;
                else break;
            }

            // "4f1c" is the beginning of a hash and no version 4.
            if (numbers.Count == 0 || (at < tag.Length && tag[at] is not ('-' or '.' or '_'))) return null;
            var suffix = at < tag.Length ? tag[(at + 1)..].ToLowerInvariant() : "";
            var kind = suffix.Length == 0 ? SuffixKind.None
                : LeadingUp.Any(word => suffix.StartsWith(word, StringComparison.Ordinal)) ? SuffixKind.LeadingUp : SuffixKind.Variant;
            return new Version(numbers, suffix, kind);
        }
    }
}
