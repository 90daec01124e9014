// SPDX-License-Identifier: Apache-2.0

namespace ClusterManager.Model;

/// <summary>
/// Which versions are followed: <c>^1.2</c> (below the next number that says "incompatible"), <c>~1.2.3</c> (the same minor), <c>1.2</c> or
/// <c>1.2.x</c> (all that begin so), <c>*</c>, and <c>&gt;=1.2 &lt;2</c> (all of several bounds). Versions that lead up to a release
/// are within it only when a bound names one.
/// </summary>
public sealed class VersionRange
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Allowed = "a range of versions like ^1.2, ~1.2.3, 1.x, * or '>=1.2 <2'";

    private const int LengthMax = 100;
    private readonly IReadOnlyList<Bound> _bounds;
    private readonly bool _takesPreReleases;

    private VersionRange(IReadOnlyList<Bound> bounds, bool takesPreReleases) => (_bounds, _takesPreReleases) = (bounds, takesPreReleases);

    /// <summary>Reads a range; null: it is none.</summary>
    /// <param name="text">As a user wrote it.</param>
    public static VersionRange? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = text.Length > LengthMax ? [] : text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var bounds = new List<Bound>();
        foreach (var word in words)
        {
            if (BoundsOf(word) is not { } parsed) return null;
            bounds.AddRange(parsed);
        }

        return words.Length == 0 ? null : new VersionRange(bounds, bounds.Any(bound => bound.Version.IsPreRelease));
    }

    /// <summary>Whether a version is within it.</summary>
    public bool Contains(TagVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        if (version.IsPreRelease && !_takesPreReleases) return false;
        return _bounds.All(bound => bound.Holds(version));
    }

    private static Bound[]? BoundsOf(string word)
    {
        if (word is "*" or "x" or "X") return [];
        var digits = word.AsSpan().IndexOfAnyInRange('0', '9');
        if (digits < 0) return null;
        var (sign, rest) = (word[..digits].TrimEnd('v', 'V'), word[digits..]);
        if (sign.Length == 0 && IsPrefix(rest, out var prefix)) return Between(prefix, NextAfter(prefix, prefix.Parts));
        if (TagVersion.Parse(rest) is not { } version) return null;
        return sign switch
        {
            "^" => Between(version, NextAfter(version, CaretParts(version))),
            "~" => Between(version, NextAfter(version, Math.Min(version.Parts, 2))),
            ">=" => [new Bound(version, IsLower: true, IsIncluded: true)],
            ">" => [new Bound(version, IsLower: true, IsIncluded: false)],
            "<=" => [new Bound(version, IsLower: false, IsIncluded: true)],
            "<" => [new Bound(version, IsLower: false, IsIncluded: false)],
            "" or "=" => [new Bound(version, IsLower: true, IsIncluded: true), new Bound(version, IsLower: false, IsIncluded: true)],
            _ => null,
        };
    }

    // "1", "1.2", "1.x", "1.2.x": everything that begins with these numbers.
    private static bool IsPrefix(string text, out TagVersion prefix)
    {
        var numbers = text.Split('.').TakeWhile(part => part is not ("x" or "X" or "*")).ToList();
        var isOpen = numbers.Count < text.Split('.').Length;
        prefix = TagVersion.Parse(string.Join('.', numbers)) ?? new TagVersion(0, 0, 0, "", 0);
        return prefix.Parts > 0 && !prefix.IsPreRelease && (isOpen ? text.Split('.').Length <= 3 && IsOpenToTheEnd(text, numbers.Count)
            : prefix.Parts < 3);
    }

    private static bool IsOpenToTheEnd(string text, int from) => text.Split('.').Skip(from).All(part => part is "x" or "X" or "*");

    // ^1.2.3 goes to 2, ^0.2.3 to 0.3, ^0.0.3 to 0.0.4: the first number that is not 0 is the one that says "incompatible".
    private static int CaretParts(TagVersion version) =>
        version.Major > 0 || version.Parts == 1 ? 1 : version.Minor > 0 || version.Parts == 2 ? 2 : 3;

    /// <summary>The first version whose first numbers are higher.</summary>
    private static TagVersion NextAfter(TagVersion version, int parts) => parts switch
    {
        1 => new TagVersion(version.Major + 1, 0, 0, "", 3),
        2 => new TagVersion(version.Major, version.Minor + 1, 0, "", 3),
        _ => new TagVersion(version.Major, version.Minor, version.Patch + 1, "", 3),
    };

    private static Bound[] Between(TagVersion from, TagVersion to) =>
        [new Bound(from, IsLower: true, IsIncluded: true), new Bound(to, IsLower: false, IsIncluded: false)];

    private sealed record Bound(TagVersion Version, bool IsLower, bool IsIncluded)
    {
        public bool Holds(TagVersion version)
        {
            // 2.0.0-rc.1 sorts below 2.0.0, and is none of "below 2".
            var isLeadingUp = !IsLower && !IsIncluded && !Version.IsPreRelease && version.IsPreRelease
                && (version.Major, version.Minor, version.Patch) == (Version.Major, Version.Minor, Version.Patch);
            var order = version.CompareTo(Version);
            return !isLeadingUp && ((order == 0 && IsIncluded) || (IsLower ? order > 0 : order < 0));
        }
    }
}
