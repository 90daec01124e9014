// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul.Provisioning;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;

namespace ClusterManager.Hollow.Cluster;

/// <summary>What <c>cluster init</c> leaves on the first manager's disk, for a manager without an agent on loopback.</summary>
/// <param name="authority">The cluster's CA.</param>
/// <param name="consul">The real Consul.</param>
/// <param name="consulAddress">Where the manager is to ask.</param>
internal sealed class ManagerFiles(ClusterCertificateAuthority authority, ConsulServer consul, Uri consulAddress)
{
    private const string NodeId = "ffffffffffffffffffffffffffffffff";

    /// <summary>Writes them below a directory.</summary>
    public async Task WriteAsync(string directory, int port, CancellationToken cancellationToken)
    {
        var paths = new ClusterPaths(directory);
        paths.CreateDirectories();
        using var certificate = authority.IssueWithKey(
            new PeerIdentity(PeerRole.Manager, NodeId, authority.ClusterId), ["localhost", "127.0.0.1"]);
        await certificate.SaveAsync(paths.ManagerCertificate, cancellationToken);
        await ClusterKey.Create().SaveAsync(paths.ClusterKey, cancellationToken);
        await AtomicFile.WriteTextAsync(paths.TrustedRoots, authority.CertificatePem, FileModes.Shared, cancellationToken);
        await AtomicFile.WriteTextAsync(paths.ManagerConsulToken, consul.ManagerToken, FileModes.Private, cancellationToken);
        var node = new NodeFile
        {
            ClusterId = authority.ClusterId, Incarnation = 1, NodeId = NodeId, NodeName = ConsulServer.Name, AdvertiseAddress = "127.0.0.1",
            Roles = [NodeRole.Manager], ManagerAddresses = [$"127.0.0.1:{port}"],
            Consul = new NodeConsulSettings { HttpAddress = consulAddress.ToString().TrimEnd('/') },
        };
        await NodeFile.At(paths).WriteAsync(node, cancellationToken);
        var bootstrap = new BootstrapFile
        {
            ClusterName = "hollow", CaCertificatePem = authority.CertificatePem, CaKeyPem = authority.ExportPrivateKeyPem().Reveal(),
            GossipKey = GossipKey.Create(), ConsulManagementToken = consul.ManagementToken,
        };
        await BootstrapFile.At(paths).WriteAsync(bootstrap, cancellationToken);
    }
}
