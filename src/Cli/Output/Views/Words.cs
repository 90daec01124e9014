// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>Enums as the words that people and programs read.</summary>
internal static class Words
{
    /// <summary><c>AgentAway</c> is <c>agent-away</c>; the unspecified value is "-".</summary>
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        if (name == "Unspecified") return "-";
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0) text.Append('-');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    /// <summary>A reason's machine-readable word in camel case; null: none.</summary>
    public static string? CodeOf(V1.Reason? reason)
    {
        if (reason is null or { Code: 0 }) return null;
        var name = ((ReasonCode)reason.Code).ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>A reason's sentence, or its word when there is none; empty: no reason.</summary>
    public static string TextOf(V1.Reason? reason) =>
        reason is null or { Code: 0, Text: "" } ? "" : reason.Text.Length > 0 ? reason.Text : Of((ReasonCode)reason.Code);

    /// <summary><c>web</c> or <c>shop/web</c>.</summary>
    public static string NameOf(V1.ServiceName? name) => name is null ? "" : new ServiceName(name.Stack, name.Name).Display;

    /// <summary>A port as tables show it: <c>*:443→8443/tcp</c>, a dynamic one <c>*→8080/tcp</c>.</summary>
    public static string PortOf(V1.PortSpec port)
    {
        var published = port.HasPublished ? $":{port.Published}" : "";
        return $"{(port.HasHostAddress ? port.HostAddress : "*")}{published}→{port.Target}/{Of(port.Protocol)}";
    }
}
