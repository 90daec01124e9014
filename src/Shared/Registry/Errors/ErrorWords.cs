// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;

namespace ClusterManager.Registry;

/// <summary>
/// What a registry says about a failure, fit for a line of a log: short, printable, without anything that was shown to it.
/// </summary>
internal static class ErrorWords
{
    private const int LengthMax = 200;
    private const int SecretLengthMin = 4;

    /// <summary>The first error's code and message; empty: the answer holds none.</summary>
    public static string Of(ReadOnlySpan<byte> body, IEnumerable<string> secrets)
    {
        try
        {
            if (JsonBudget.IsExceeded(body)) return "";
            var first = JsonSerializer.Deserialize(body, RegistryJson.Default.ErrorsJson)?.Errors?.FirstOrDefault();
            if (first is null) return "";
            return Clean($"{first.Code}: {first.Message}".Trim(':', ' '), secrets);
        }
        catch (JsonException)
        {
            // A page of some proxy's: the status has to do.
            return "";
        }
    }

    private static string Clean(string text, IEnumerable<string> secrets)
    {
        foreach (var secret in secrets)
        {
            // Something as short stands in any sentence.
            if (secret.Length >= SecretLengthMin) text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= LengthMax) break;
            clean.Append(Rune.IsControl(rune) || Rune.IsWhiteSpace(rune) ? " " : rune.ToString());
        }

        return clean.ToString().Trim();
    }
}
