// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace ClusterManager.Shared.Tests.Tidy;

/// <summary>The hosts that this machine is configured to fetch packages from: none of them may be named in the project.</summary>
internal static partial class ConfiguredMirrors
{
    private static readonly string[] Folders = ["/etc/apt", "/root/.nuget/NuGet", "/root/.config/NuGet"];
    private static readonly string[] Files = ["/root/.npmrc", "/usr/etc/npmrc", "/etc/npmrc", "/usr/local/etc/npmrc"];

    /// <summary>Host names; empty on a machine that fetches nothing.</summary>
    public static string[] Hosts { get; } =
    [
        .. Folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file).ToLowerInvariant() is ".list" or ".sources" or ".config")
            .Concat(Files.Where(File.Exists))
            .SelectMany(file => Host().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .Where(host => host != "localhost" && !host.StartsWith("127.", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal),
    ];

    [GeneratedRegex("https?://([A-Za-z0-9.-]+)")]
    private static partial Regex Host();
}
