// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Benchmarks.Common;

/// <summary>A page of sections: one of them is replaced, or added at the end; what a person wrote around them stays.</summary>
internal static class ReportFile
{
    /// <summary>Writes the section into the page.</summary>
    /// <param name="path">The page; made when it is missing.</param>
    /// <param name="title">The section's heading without its marks.</param>
    /// <param name="section">All of it, heading included.</param>
    public static async Task ReplaceAsync(string path, string title, string section)
    {
        var page = File.Exists(path) ? await File.ReadAllTextAsync(path) : "# Benchmarks\n\n";
        await File.WriteAllTextAsync(path, Replace(page, title, section));
    }

    private static string Replace(string page, string title, string section)
    {
        var start = page.IndexOf($"## {title}\n", StringComparison.Ordinal);
        if (start < 0) return $"{page.TrimEnd()}\n\n{section.TrimEnd()}\n";
        var next = page.IndexOf("\n## ", start, StringComparison.Ordinal);
        var rest = next < 0 ? "" : page[next..];
        return $"{page[..start]}{section.TrimEnd()}\n{rest}";
    }
}
