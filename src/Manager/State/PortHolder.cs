// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>Who holds a fixed port of a node.</summary>
/// <param name="Port">Number, protocol and address.</param>
/// <param name="Name">Service and slot, for people.</param>
/// <param name="IsStopping">It was told to stop: the port will be free soon.</param>
internal sealed record PortHolder(PortSpec Port, string Name, bool IsStopping)
{
    /// <summary>The same number and protocol on overlapping addresses: equal ones, or one of them is "all".</summary>
    public bool Excludes(PortSpec other) =>
        Port.Published == other.Published && Port.Protocol == other.Protocol
        && (IsAny(Port.HostAddress) || IsAny(other.HostAddress)
            || string.Equals(Port.HostAddress, other.HostAddress, StringComparison.OrdinalIgnoreCase));

    private static bool IsAny(string? address) => address is null or "" or "0.0.0.0" or "::";
}
