// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace ClusterManager.Registry;

/// <summary>What names are made of, as the distribution specification has it. Whatever passes is safe in the path of a request.</summary>
internal static partial class ImageGrammar
{
    /// <summary>Registry and repository together, in characters.</summary>
    public const int NameLengthMax = 255;

    /// <summary>A tag: at most 128 characters of letters, digits, '_', '.' and '-', the last two not first.</summary>
    public static bool IsTag(string? text) => text is not null && Tag().IsMatch(text);

    /// <summary>A repository: parts of lower-case letters and digits, with single separators, between slashes.</summary>
    public static bool IsRepository(string? text) => text is { Length: <= NameLengthMax } && Repository().IsMatch(text);

    /// <summary>A host's name or address, with or without a port.</summary>
    public static bool IsHost(string? text) =>
        text is { Length: <= NameLengthMax } && Host().IsMatch(text)
        && Uri.TryCreate($"https://{text}/", UriKind.Absolute, out var uri) && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0;

    // \z and not $, which would let a line's end follow. The length is bounded before a pattern is tried.
    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Repository();

    [GeneratedRegex(
        @"^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*)"
        + @"(?::[0-9]{1,5})?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Host();
}
