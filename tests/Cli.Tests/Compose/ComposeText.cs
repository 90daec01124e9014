// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Cli.Compose;
using ClusterManager.Model;

namespace ClusterManager.Cli.Tests.Compose;

/// <summary>Reads compose texts without a disk.</summary>
internal static class ComposeText
{
    public static ComposeResult Read(
        string text,
        IReadOnlyDictionary<string, string>? environment = null,
        IReadOnlyDictionary<string, string>? files = null,
        string[]? allowIgnored = null,
        string? stack = null,
        string folder = "/srv/shop") =>
        ReadBytes(Encoding.UTF8.GetBytes(text), environment, files, allowIgnored, stack, folder);

    public static ComposeResult ReadBytes(
        byte[] bytes,
        IReadOnlyDictionary<string, string>? environment = null,
        IReadOnlyDictionary<string, string>? files = null,
        string[]? allowIgnored = null,
        string? stack = null,
        string folder = "/srv/shop") =>
        ComposeReader.Read(bytes, new ComposeOptions
        {
            FileName = "f.yml",
            Folder = folder,
            Stack = stack,
            Environment = environment ?? new Dictionary<string, string>(),
            AllowIgnored = allowIgnored ?? [],
            ReadFile = path => files?.GetValueOrDefault(path) is { } content ? Encoding.UTF8.GetBytes(content) : null,
        });

    /// <summary>One service "a" with an image and the given lines, each already indented as a service's key.</summary>
    public static string Service(string lines) => $"services:\n  a:\n    image: i\n{Indent(lines)}";

    /// <summary>The only service of a file that must be understood.</summary>
    public static ServiceSpec Good(string lines, IReadOnlyDictionary<string, string>? environment = null, IReadOnlyDictionary<string,
        string>? files = null)
    {
        var result = Read(Service(lines), environment, files);
        Assert.Empty(result.Errors.Select(e => e.ToString()));
        return Assert.Single(result.Services);
    }

    /// <summary>The errors of a service with these lines, as texts.</summary>
    public static string[] Bad(string lines, IReadOnlyDictionary<string, string>? environment = null)
    {
        var result = Read(Service(lines), environment);
        Assert.Empty(result.Services);
        Assert.NotEmpty(result.Errors);
        return [.. result.Errors.Select(e => e.ToString())];
    }

    private static string Indent(string lines) =>
        string.Join("\n", lines.ReplaceLineEndings("\n").Split('\n').Select(l => "    " + l)) + "\n";
}
