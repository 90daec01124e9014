// SPDX-License-Identifier: Apache-2.0
using System.Net.NetworkInformation;

namespace ClusterManager.Agent.Node;

/// <summary>On which ports this machine listens at this moment, TCP and UDP.</summary>
internal static class ListeningPorts
{
    /// <summary>The ports; empty when the kernel does not say, and the engine then refuses what is taken.</summary>
    public static IReadOnlySet<int> Read()
    {
        try
        {
            var network = IPGlobalProperties.GetIPGlobalProperties();
            return network.GetActiveTcpListeners().Concat(network.GetActiveUdpListeners()).Select(e => e.Port).ToHashSet();
        }
        catch (NetworkInformationException)
        {
            return new HashSet<int>();
        }
    }
}
