// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;

namespace ClusterManager.Simulation.Managers;

/// <summary>What programs want of cryptography; nothing is proved by it here, and no decision depends on its bytes.</summary>
internal static class SimulatedTrust
{
    private static readonly Lazy<TrustBundle> Made = new(static () =>
    {
        using var authority = ClusterCertificateAuthority.Create(SimulatedCluster.Id.ToString(), TimeProvider.System);
        return authority.Trust;
    });

    /// <summary>The roots.</summary>
    public static TrustBundle Bundle => Made.Value;

    /// <summary>The managers' key.</summary>
    public static ClusterKey Key { get; } = ClusterKey.FromBytes(new byte[ClusterKey.LengthBytes]);
}
