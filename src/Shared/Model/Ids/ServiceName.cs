// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>A service's full name: the stack it belongs to and its own name in it.</summary>
/// <param name="Stack">A DNS label; <see cref="DefaultStack"/> when none was given.</param>
/// <param name="Name">A DNS label, unique in the stack.</param>
public readonly record struct ServiceName(string Stack, string Name) : IComparable<ServiceName>
{
    /// <summary>The stack of services that were created without one.</summary>
    public const string DefaultStack = "default";

    /// <summary>What the name of a new colour begins with.</summary>
    public const string GreenPrefix = "green-";

    /// <summary>
    /// The name in Consul and DNS: <c>service</c> in the default stack, <c>stack-service</c> elsewhere. Unique in the cluster: a clash is
    /// refused.
    /// </summary>
    public string DiscoveryName => Stack == DefaultStack ? Name : $"{Stack}-{Name}";

    /// <summary>The name in Consul and DNS of a new colour that waits for the switch; no other service may have it.</summary>
    public string GreenName => $"{GreenPrefix}{DiscoveryName}";

    /// <summary>
    /// What an operator reads and types: <c>service</c> in the default stack, <c>stack/service</c> elsewhere.
    /// </summary>
    public string Display => Stack == DefaultStack ? Name : $"{Stack}/{Name}";

    /// <summary>Reads <c>service</c> or <c>stack/service</c>. Validity of the labels is not checked here.</summary>
    public static ServiceName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new ServiceName(DefaultStack, text) : new ServiceName(text[..slash], text[(slash + 1)..]);
    }

    /// <inheritdoc/>
    public int CompareTo(ServiceName other)
    {
        var byStack = string.CompareOrdinal(Stack, other.Stack);
        return byStack != 0 ? byStack : string.CompareOrdinal(Name, other.Name);
    }

    /// <summary>The full name, always <c>stack/service</c>.</summary>
    public override string ToString() => $"{Stack}/{Name}";
}
