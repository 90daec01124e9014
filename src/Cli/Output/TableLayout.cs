// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Output;

/// <summary>What may be shortened when a table is wider than the screen; what is not shortenable never is.</summary>
internal enum Shortening
{
    /// <summary>Names, states, reasons: never.</summary>
    Never = 0,

    /// <summary>Ids, first.</summary>
    Id = 1,

    /// <summary>Images, next.</summary>
    Image = 2,
}

/// <summary>One column.</summary>
/// <param name="Header">Upper case.</param>
/// <param name="Cell">A row's text; empty becomes "-".</param>
/// <param name="Shortening">Whether it may be cut.</param>
/// <param name="IsWide">Shown only with <c>-o wide</c>.</param>
internal sealed record Column<T>(string Header, Func<T, string> Cell, Shortening Shortening = Shortening.Never, bool IsWide = false);

/// <summary>Tables: header in upper case, columns padded by three blanks, no borders, no trailing blanks.</summary>
internal static class TableLayout
{
    private const string Gap = "   ";
    private const int ShortestCut = 12;

    /// <summary>The lines of the table, the header first.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="isWide">Show the wide columns too.</param>
    /// <param name="width">The screen's width; null: nothing is shortened.</param>
    public static IReadOnlyList<string> Lines<T>(IReadOnlyList<Column<T>> columns, IReadOnlyList<T> rows, bool isWide, int? width)
    {
        var shown = columns.Where(c => isWide || !c.IsWide).ToArray();
        var cells = rows.Select(r => shown.Select(c => Cell(c.Cell(r))).ToArray()).Prepend([.. shown.Select(c => c.Header)]).ToArray();
        var widths = Enumerable.Range(0, shown.Length).Select(i => cells.Max(row => row[i].Length)).ToArray();
        if (width is { } limit) Shorten(shown, cells, widths, limit);
        return [.. cells.Select(row => string.Join(Gap, row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd())];
    }

    private static string Cell(string text) => text.Length == 0 ? "-" : text.ReplaceLineEndings(" ");

    // Ids give way first, then images, each down to 12 characters; what is still too wide is left to the terminal.
    private static void Shorten<T>(Column<T>[] columns, string[][] cells, int[] widths, int limit)
    {
        foreach (var kind in new[] { Shortening.Id, Shortening.Image })
        {
            for (var i = 0; i < columns.Length; i++)
            {
                var excess = widths.Sum() + (Gap.Length * (widths.Length - 1)) - limit;
                if (columns[i].Shortening != kind || excess <= 0) continue;
                widths[i] = Math.Max(Math.Min(ShortestCut, widths[i]), widths[i] - excess);
                foreach (var row in cells) row[i] = row[i].Length <= widths[i] ? row[i] : row[i][..(widths[i] - 1)] + "…";
            }
        }
    }
}
