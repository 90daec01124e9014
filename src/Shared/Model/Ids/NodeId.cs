// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Model;

/// <summary>Names one node for its whole life: 128 random bits made at join, kept on its disk and in its certificate.</summary>
/// <param name="Value">The bits. Zero is not a valid node.</param>
public readonly record struct NodeId(UInt128 Value) : IComparable<NodeId>
{
    /// <summary>Length of the text form in characters.</summary>
    public const int TextLength = 32;

    /// <summary>Reads the text form: 32 lower-case hexadecimal digits.</summary>
    /// <returns>False when the text is anything else; <paramref name="id"/> is then default.</returns>
    public static bool TryParse(string? text, out NodeId id)
    {
        id = default;
        if (text is not { Length: TextLength }
            || !UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return false;
        id = new NodeId(value);
        return true;
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not 32 hexadecimal digits.</exception>
    public static NodeId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no node id: 32 hexadecimal digits are needed.");

    /// <inheritdoc/>
    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    /// <summary>The text form: 32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
