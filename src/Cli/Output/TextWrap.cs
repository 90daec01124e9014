// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Output;

/// <summary>Sentences as lines that fit the screen.</summary>
internal static class TextWrap
{
    /// <summary>The text broken at blanks; a word longer than a line stays whole. Lines after the first are indented.</summary>
    /// <param name="text">One paragraph.</param>
    /// <param name="width">Columns; <see cref="int.MaxValue"/>: one line.</param>
    public static IEnumerable<string> Lines(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length == 0) line = word;
            else if ((long)line.Length + 1 + word.Length < width) line += $" {word}";
            else
            {
                yield return line;
                line = $"  {word}";
            }
        }

        if (line.Length > 0) yield return line;
    }
}
