// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Model;

/// <summary>Names one cluster for ever: 128 random bits made by <c>cluster init</c>.</summary>
/// <param name="Value">The bits. Zero means "no cluster".</param>
public readonly record struct ClusterId(UInt128 Value)
{
    /// <summary>Reads the text form: 32 hexadecimal digits.</summary>
    /// <returns>False when the text is anything else.</returns>
    public static bool TryParse(string? text, out ClusterId id)
    {
        id = default;
        if (text is not { Length: 32 }
            || !UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return false;
        id = new ClusterId(value);
        return true;
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not 32 hexadecimal digits.</exception>
    public static ClusterId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no cluster id: 32 hexadecimal digits are needed.");

    /// <summary>The text form: 32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
