// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;

namespace ClusterManager.Consul;

/// <summary>TLS towards Consul's HTTPS port.</summary>
public sealed record ConsulTlsOptions
{
    /// <summary>
    /// The roots that may have signed the agent's certificate; nothing else is trusted. Several, so that a root can be rotated.
    /// </summary>
    public required X509Certificate2Collection TrustedRoots { get; init; }

    /// <summary>Our own certificate with its private key, for an agent that verifies incoming calls; null sends none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }
}
