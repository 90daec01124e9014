// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Agent.Docker;

/// <summary>A port inside a container. Its text form is Docker's, such as <c>80/tcp</c>.</summary>
/// <param name="Number">1 to 65535.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</param>
public readonly record struct ContainerPort(int Number, string Protocol = "tcp") : IComparable<ContainerPort>
{
    /// <summary>Reads Docker's form; a missing protocol means tcp.</summary>
    /// <param name="text">Such as <c>80/tcp</c>.</param>
    /// <param name="port">The port, when the text is one.</param>
    /// <returns>False when the text is no port.</returns>
    public static bool TryParse(string text, out ContainerPort port)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var protocol = slash < 0 ? "tcp" : text[(slash + 1)..];
        var isNumber = int.TryParse(slash < 0 ? text : text[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        port = new ContainerPort(number, protocol);
        return isNumber;
    }

    /// <inheritdoc/>
    public int CompareTo(ContainerPort other) =>
        Number != other.Number ? Number.CompareTo(other.Number) : string.CompareOrdinal(Protocol, other.Protocol);

    /// <inheritdoc/>
    public override string ToString() => $"{Number}/{Protocol}";

    /// <summary>Orders by number, then protocol.</summary>
    public static bool operator <(ContainerPort left, ContainerPort right) => left.CompareTo(right) < 0;

    /// <summary>Orders by number, then protocol.</summary>
    public static bool operator >(ContainerPort left, ContainerPort right) => left.CompareTo(right) > 0;

    /// <summary>Orders by number, then protocol.</summary>
    public static bool operator <=(ContainerPort left, ContainerPort right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by number, then protocol.</summary>
    public static bool operator >=(ContainerPort left, ContainerPort right) => left.CompareTo(right) >= 0;
}
