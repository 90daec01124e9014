// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.Api;

/// <summary>What may stand in a node's labels, wherever they come from.</summary>
internal static class NodeLabels
{
    private const int CountMax = 100;
    private const int KeyLengthMax = 128;
    private const int ValueLengthMax = 256;

    /// <summary>Adds all that is wrong with them.</summary>
    public static void Check(ImmutableArray<FieldError>.Builder errors, IReadOnlyCollection<KeyValuePair<string, string>> labels)
    {
        if (labels.Count > CountMax) errors.Add(new FieldError("labels", $"{labels.Count}", $"at most {CountMax}"));
        foreach (var (key, value) in labels)
        {
            if (key.Length is 0 or > KeyLengthMax || key.Any(c => c <= ' ' || c == '='))
                errors.Add(new FieldError("labels", Shorten(key), $"a key of 1 to {KeyLengthMax} characters without blanks and '='"));
            if (value.Length > ValueLengthMax || value.Any(char.IsControl))
            {
                var allowed = $"a value of at most {ValueLengthMax} characters without control characters";
                errors.Add(new FieldError($"labels.{Shorten(key)}", Shorten(value), allowed));
            }
        }
    }

    private static string Shorten(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
