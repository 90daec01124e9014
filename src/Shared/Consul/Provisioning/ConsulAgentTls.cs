// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul.Provisioning;

/// <summary>
/// An agent's certificates as PEM files. A client has none of its own: it fetches one from the servers (auto_encrypt) and keeps it renewed.
/// </summary>
/// <param name="CaFile">The roots that servers' certificates are signed by; several in one file while a root is rotated.</param>
/// <param name="CertificateFile">
/// A server's certificate, for <c>server.DATACENTER.consul</c> and <c>localhost</c>, usable for both ends of a connection; null on a
/// client.
/// </param>
/// <param name="KeyFile">Its private key; null on a client.</param>
public sealed record ConsulAgentTls(string CaFile, string? CertificateFile = null, string? KeyFile = null)
{
    /// <summary>The DNS names that a server's certificate must carry.</summary>
    /// <param name="datacenter">The agent's datacenter.</param>
    public static IReadOnlyList<string> ServerNames(string datacenter) => [$"server.{datacenter}.consul", "localhost"];
}
