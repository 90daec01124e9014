// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Cli.Output;

/// <summary>Sizes and CPU for tables.</summary>
internal static class AmountText
{
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB"];

    /// <summary><c>512 MB</c>, <c>1.2 GB</c>; units of 1024, as Docker's own.</summary>
    public static string Bytes(long bytes)
    {
        double amount = bytes;
        var unit = 0;
        while (Math.Abs(amount) >= 1024 && unit < Units.Length - 1) (amount, unit) = (amount / 1024, unit + 1);
        var format = unit == 0 || Math.Abs(amount) >= 100 || amount == Math.Floor(amount) ? "0" : "0.0";
        return $"{amount.ToString(format, CultureInfo.InvariantCulture)} {Units[unit]}";
    }

    /// <summary>Cores: <c>0.5</c>, <c>8</c>.</summary>
    public static string Cpu(long nano) => (nano / 1e9).ToString("0.##", CultureInfo.InvariantCulture);
}
