// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Enrollment;

/// <summary>Issues the certificates of machines that the state knows. The CA's key is opened for each issue and kept nowhere.</summary>
internal sealed class CertificateDesk(SecretStore secrets, ManagerIdentity identity, Func<TrustBundle> trust, TimeProvider time)
{
    /// <summary>A node's certificate, a second one for the same key when it is a manager, and a Consul server's with its own key.</summary>
    /// <param name="Node">Of the node.</param>
    /// <param name="Manager">Of the manager; empty: it is none.</param>
    /// <param name="ConsulServer">Certificate and key; empty: it is none.</param>
    /// <param name="Problem">Why the request was refused; null: it was not.</param>
    public sealed record Issued(string Node, string Manager, string ConsulServer, string? Problem);

    /// <summary>Issues what a machine of this record may have.</summary>
    /// <exception cref="StateUnreadableException">The CA's key does not open.</exception>
    public async Task<Issued> IssueAsync(NodeRecord node, string csrPem, CancellationToken cancellationToken)
    {
        var cluster = identity.Cluster.ToString();
        var key = await secrets.OpenAsync(SecretNames.CaKey, cancellationToken);
        using var authority = ClusterCertificateAuthority.Load(cluster, trust().Roots[0].ExportCertificatePem(), key, time);
        var issued = authority.Issue(csrPem, new PeerIdentity(PeerRole.Node, node.Id.ToString(), cluster), [node.Name, node.Address]);
        if (issued.CertificatePem is null) return new Issued("", "", "", issued.Problem);
        var manager = "";
        if (node.IsManager)
        {
            var second = authority.Issue(
                csrPem, new PeerIdentity(PeerRole.Manager, node.Id.ToString(), cluster),
                    [node.Name, node.Address, "localhost", "127.0.0.1"]);
            manager = second.CertificatePem ?? "";
        }

        return new Issued(issued.CertificatePem, manager, await ConsulServerAsync(node, cancellationToken), null);
    }

    private async Task<string> ConsulServerAsync(NodeRecord node, CancellationToken cancellationToken)
    {
        if (!node.IsConsulServer) return "";
        var stored = await secrets.ReadTrustAsync(cancellationToken);
        if (stored.ConsulCaCertificatePem.Length == 0) return "";
        var key = await secrets.OpenAsync(SecretNames.ConsulCaKey, cancellationToken);
        using var authority = ConsulCertificateAuthority.Load(stored.ConsulCaCertificatePem, key, time);
        using var pair = authority.IssueServer(node.Name, stored.Datacenter);
        return pair.CertificatePem + pair.PrivateKeyPem.Reveal();
    }
}
