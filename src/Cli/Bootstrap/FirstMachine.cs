// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using ClusterManager.Consul.Provisioning;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;
using NodeRole = ClusterManager.Hosting.Files.NodeRole;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>The files of the machine on which a cluster, or a later life of its state, begins.</summary>
internal sealed class FirstMachine(MachineOptions machine, TimeProvider time)
{
    /// <summary>Port of the managers' API.</summary>
    public const int ManagerPort = 7443;

    private readonly ClusterPaths _paths = ClusterPaths.Resolve(machine.DataDirectory);

    /// <summary>Where the machine's manager will answer.</summary>
    public static string AddressOf(MachineOptions machine) =>
        new System.Net.IPEndPoint(System.Net.IPAddress.Parse(machine.Advertise), ManagerPort).ToString();

    /// <summary>The CA's subject carries the cluster's id: the bootstrap file may be older than the node's.</summary>
    public static string ClusterIdOf(BootstrapFile bootstrap)
    {
        using var root = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(bootstrap.CaCertificatePem);
        return root.SubjectName.ClusterIdOf();
    }

    /// <summary>New authorities and keys.</summary>
    public BootstrapFile NewBootstrap(string clusterId, string clusterName)
    {
        using var authority = ClusterCertificateAuthority.Create(clusterId, time);
        using var consulAuthority = ConsulCertificateAuthority.Create(clusterId, time);
        return new BootstrapFile
        {
            ClusterName = clusterName, CaCertificatePem = authority.CertificatePem, CaKeyPem = authority.ExportPrivateKeyPem().Reveal(),
            ConsulCaCertificatePem = consulAuthority.CertificatePem, ConsulCaKeyPem = consulAuthority.ExportPrivateKeyPem().Reveal(),
            GossipKey = GossipKey.Create(), ConsulManagementToken = NewGuid(), NodeTokenAccessor = NewGuid(), Labels = machine.Labels,
        };
    }

    /// <summary>A random GUID, as Consul's tokens are.</summary>
    public static string NewGuid() => new Guid(RandomNumberGenerator.GetBytes(16)).ToString();

    /// <summary>Who this machine is.</summary>
    public NodeFile NewNode(string clusterId, string nodeId, long incarnation) => new()
    {
        ClusterId = clusterId, Incarnation = incarnation, NodeId = nodeId, NodeName = machine.Name, AdvertiseAddress = machine.Advertise,
        Roles = [NodeRole.Agent, NodeRole.Manager, NodeRole.ConsulServer], ManagerAddresses = [AddressOf(machine)],
        DockerSocket = machine.DockerSocket, PortRangeFirst = machine.PortRangeFirst, PortRangeLast = machine.PortRangeLast,
        Consul = new NodeConsulSettings { TokenFile = ConsulFiles.AgentToken(_paths) },
    };

    /// <summary>Certificates, keys and roots.</summary>
    public async Task WriteIdentityAsync(NodeFile node, BootstrapFile bootstrap, ClusterKey key, CancellationToken cancellationToken)
    {
        using var authority = ClusterCertificateAuthority.Load(
            node.ClusterId, bootstrap.CaCertificatePem, new Secret(bootstrap.CaKeyPem), time);
        string[] names = [node.NodeName, node.AdvertiseAddress];
        using var nodePair = authority.IssueWithKey(new PeerIdentity(PeerRole.Node, node.NodeId, node.ClusterId), names);
        using var managerPair = authority.IssueWithKey(
            new PeerIdentity(PeerRole.Manager, node.NodeId, node.ClusterId), [.. names, "localhost", "127.0.0.1"]);
        await nodePair.SaveAsync(_paths.NodeCertificate, cancellationToken);
        await managerPair.SaveAsync(_paths.ManagerCertificate, cancellationToken);
        using var operatorPair = authority.IssueWithKey(new PeerIdentity(PeerRole.Operator, "admin", node.ClusterId), []);
        Directory.CreateDirectory(
            InitResult.OperatorDirectory(_paths), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await operatorPair.SaveAsync(InitResult.OperatorPem(_paths), cancellationToken);
        await AtomicFile.WriteTextAsync(_paths.TrustedRoots, authority.CertificatePem, FileModes.Shared, cancellationToken);
        await key.SaveAsync(_paths.ClusterKey, cancellationToken);
        using var consulAuthority = ConsulCertificateAuthority.Load(
            bootstrap.ConsulCaCertificatePem, new Secret(bootstrap.ConsulCaKeyPem), time);
        using var consulPair = consulAuthority.IssueServer(node.NodeName, node.Consul.Datacenter);
        await ConsulFiles.WriteCertificatesAsync(
            _paths, bootstrap.ConsulCaCertificatePem, consulPair.CertificatePem + consulPair.PrivateKeyPem.Reveal(), cancellationToken);
    }
}
