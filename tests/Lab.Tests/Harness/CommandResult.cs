// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Xunit.Sdk;

namespace ClusterManager.Lab.Tests.Harness;

/// <summary>How a command ended.</summary>
/// <param name="Command">As it was typed.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">All it wrote to its standard output.</param>
/// <param name="Error">All it wrote to its standard error.</param>
/// <param name="Took">From its start to its end.</param>
public sealed record CommandResult(string Command, int ExitCode, string Output, string Error, TimeSpan Took)
{
    /// <summary>Standard output, then standard error.</summary>
    public string Text => Output + Error;

    /// <summary>The lines of the standard output that are not empty.</summary>
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Fails the test, with all that was said, unless the command ended with this code.</summary>
    public CommandResult Expect(int exitCode) =>
        ExitCode == exitCode ? this : throw new XunitException($"expected exit code {exitCode}\n{this}");

    /// <summary>Fails the test unless both outputs together contain each of these, whatever the case.</summary>
    public CommandResult ExpectText(params string[] parts)
    {
        foreach (var part in parts)
        {
            if (!Text.Contains(part, StringComparison.OrdinalIgnoreCase)) throw new XunitException($"'{part}' is not said\n{this}");
        }
        return this;
    }

    /// <summary>The standard output as one JSON document.</summary>
    public JsonElement Json()
    {
        try
        {
            return JsonDocument.Parse(Output).RootElement;
        }
        catch (JsonException e)
        {
            throw new XunitException($"no JSON document: {e.Message}\n{this}");
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"$ {Command}\n[exit {ExitCode} after {Took.TotalSeconds:0.0} s]\n{Shorten(Output)}"
        + (Error.Length > 0 ? $"\n[stderr]\n{Shorten(Error)}" : "");

    // A failure's report shall fit on a screen or two.
    private static string Shorten(string text) => text.Length <= 4000 ? text : $"{text[..2000]}\n…\n{text[^2000..]}";
}
