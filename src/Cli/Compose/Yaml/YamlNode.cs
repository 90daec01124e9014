// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Compose.Yaml;

/// <summary>One value of a YAML file with its place. Aliases are resolved (shared nodes) and merge keys applied.</summary>
/// <param name="At">Where the value begins.</param>
/// <param name="Size">The number of values in it, aliases counted as often as they are used; at most <see
/// cref="YamlLimits.Values"/>.</param>
internal abstract record YamlNode(Position At, int Size)
{
    /// <summary>What it is, for messages: "a map", "a list", "a text".</summary>
    public abstract string Kind { get; }
}

/// <summary>A text, number, boolean or null: what it is decides who reads it.</summary>
/// <param name="At">Where the value begins.</param>
/// <param name="Text">The value as written, quotes and escapes resolved.</param>
/// <param name="IsPlain">True when not quoted and no block: only then may it be null, a number or a boolean.</param>
internal sealed record YamlScalar(Position At, string Text, bool IsPlain) : YamlNode(At, 1)
{
    /// <summary>True for an empty value, <c>~</c> and <c>null</c>.</summary>
    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <inheritdoc/>
    public override string Kind => IsNull ? "empty" : "a text";
}

/// <summary>A list.</summary>
internal sealed record YamlList(Position At, int Size, IReadOnlyList<YamlNode> Items) : YamlNode(At, Size)
{
    /// <inheritdoc/>
    public override string Kind => "a list";
}

/// <summary>A map; keys are unique texts, in the order of the file.</summary>
internal sealed record YamlMap(Position At, int Size, IReadOnlyList<YamlEntry> Entries) : YamlNode(At, Size)
{
    /// <inheritdoc/>
    public override string Kind => "a map";
}

/// <summary>One key of a map with its value.</summary>
/// <param name="Key">The key's text.</param>
/// <param name="At">Where the key stands.</param>
/// <param name="Value">Its value.</param>
internal sealed record YamlEntry(string Key, Position At, YamlNode Value);
