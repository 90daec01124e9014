// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>Where the next page is: the <c>Link</c> header with <c>rel="next"</c> (RFC 8288). Pure.</summary>
internal static class NextPage
{
    /// <summary>Its address; null: this was the last.</summary>
    /// <exception cref="RegistryException">It is on another machine, or no address.</exception>
    public static Uri? Of(RegistryReply reply, Uri page)
    {
        foreach (var text in reply.Values("Link"))
        {
            if (Target(text) is not { } target) continue;
            var isHere = Uri.TryCreate(page, target, out var next) && next.Scheme == page.Scheme
                && next.Authority.Equals(page.Authority, StringComparison.OrdinalIgnoreCase) && next.UserInfo.Length == 0;
            return isHere ? next : throw reply.Host.Protocol("its list of tags goes on where we do not follow");
        }

        return null;
    }

    private static string? Target(string header)
    {
        for (var at = 0; header.IndexOf('<', at) is >= 0 and var start; at = start + 1)
        {
            var end = header.IndexOf('>', start);
            if (end < 0) return null;
            var following = header.IndexOf('<', end);
            var parameters = following < 0 ? header[(end + 1)..] : header[(end + 1)..following];
            if (IsNext(parameters)) return header[(start + 1)..end];
            if (following < 0) return null;
        }

        return null;
    }

    private static bool IsNext(string parameters) => parameters.Split([';', ','], StringSplitOptions.TrimEntries)
        .Any(part => part.Replace("\"", "", StringComparison.Ordinal).Equals("rel=next", StringComparison.OrdinalIgnoreCase));
}
