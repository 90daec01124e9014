// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Node;

/// <summary>What a renewal touches beside the node's own certificate.</summary>
internal sealed record CertificateUses
{
    /// <summary>The clock.</summary>
    public required AgentClock Clock { get; init; }

    /// <summary>Who renews.</summary>
    public required ManagerDirectory Directory { get; init; }

    /// <summary>The roots.</summary>
    public required TrustKeeper Trust { get; init; }

    /// <summary>The file with a Consul server's certificate and key.</summary>
    public required string ConsulServerCertificate { get; init; }

    /// <summary>Makes the node's Consul read its files again.</summary>
    /// <remarks>Throws <see cref="Discovery.RegistryUnavailableException"/> when it does not answer.</remarks>
    public required Func<CancellationToken, Task> ReloadConsulAsync { get; init; }
}
