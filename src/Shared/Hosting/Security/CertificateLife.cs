// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Security;

/// <summary>How long certificates live, counted from their issue.</summary>
public static class CertificateLife
{
    /// <summary>Nodes and managers: short, since a lost key cannot be revoked but only run out.</summary>
    public static TimeSpan Machine { get; } = TimeSpan.FromDays(7);

    /// <summary>Operators.</summary>
    public static TimeSpan Operator { get; } = TimeSpan.FromDays(365);

    /// <summary>Consul servers.</summary>
    public static TimeSpan ConsulServer { get; } = TimeSpan.FromDays(90);

    /// <summary>The life of a certificate for this role.</summary>
    public static TimeSpan Of(PeerRole role) => role == PeerRole.Operator ? Operator : Machine;
}
