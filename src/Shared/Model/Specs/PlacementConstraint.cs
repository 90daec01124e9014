// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>One rule a node must meet, for example <c>node.labels.disk == ssd</c>.</summary>
/// <param name="Attribute">
/// <c>node.id</c>, <c>node.hostname</c>, <c>node.platform.os</c>, <c>node.platform.arch</c> or <c>node.labels.KEY</c>.
/// </param>
/// <param name="IsEqual">True for <c>==</c>, false for <c>!=</c>. A label the node lacks equals nothing.</param>
/// <param name="Value">Compared ordinal, ignoring case, as Swarm does.</param>
public sealed record PlacementConstraint(string Attribute, bool IsEqual, string Value)
{
    /// <summary>The prefix of a label's attribute.</summary>
    public const string LabelPrefix = "node.labels.";

    /// <summary>As a user writes it.</summary>
    public override string ToString() => $"{Attribute} {(IsEqual ? "==" : "!=")} {Value}";

    /// <summary>Reads <c>attribute == value</c> or <c>attribute != value</c>; blanks around the operator are optional.</summary>
    /// <returns>False with what is wrong in <paramref name="error"/>.</returns>
    public static bool TryParse(string text, out PlacementConstraint? constraint, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        constraint = null;
        var at = text.IndexOf("==", StringComparison.Ordinal);
        var isEqual = at > 0;
        if (!isEqual) at = text.IndexOf("!=", StringComparison.Ordinal);
        if (at <= 0)
        {
            error = $"'{text}' needs the form 'attribute == value' or 'attribute != value'";
            return false;
        }

        var attribute = text[..at].Trim();
        var value = text[(at + 2)..].Trim();
        error = CheckAttribute(attribute) ?? (value.Length == 0 ? $"'{text}' has no value after the operator" : null);
        if (error is not null) return false;
        constraint = new PlacementConstraint(attribute, isEqual, value);
        return true;
    }

    /// <summary>Null when the attribute is one that placement knows; else what is allowed.</summary>
    public static string? CheckAttribute(string attribute)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        if (attribute is "node.id" or "node.hostname" or "node.platform.os" or "node.platform.arch") return null;
        if (attribute.StartsWith(LabelPrefix, StringComparison.Ordinal) && attribute.Length > LabelPrefix.Length) return null;
        return $"'{attribute}' is not known: node.id, node.hostname, node.platform.os, node.platform.arch and node.labels.KEY are";
    }
}
