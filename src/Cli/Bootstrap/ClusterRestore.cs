// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Backup;
using ClusterManager.Consul.Provisioning;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>
/// Begins the next life of a cluster's state from a backup: writes what <c>init</c> would have written, with the backup's authorities and
/// cluster key, and lets <c>init</c> go on from there. Consul is a new one, with a gossip key and tokens of its own: what is left of the
/// old one can not
/// meet it.
/// </summary>
internal sealed class ClusterRestore(MachineOptions machine, V1.Backup backup, IBootstrapReport report, TimeProvider time)
{
    private readonly ClusterPaths _paths = ClusterPaths.Resolve(machine.DataDirectory);

    /// <summary>Which life of the state begins when none is named.</summary>
    public static long Next(V1.Backup backup, NodeFile? node) => Math.Max(backup.Version.Incarnation, node?.Incarnation ?? 0) + 1;

    /// <summary>Runs all steps.</summary>
    /// <param name="known">This machine when it is a node of that cluster; null: it is fresh.</param>
    /// <param name="incarnation">The life that begins.</param>
    /// <param name="cancellationToken">Gives up; run again it begins anew.</param>
    /// <exception cref="BootstrapException">A step failed; what to do is in the message.</exception>
    public async Task<InitResult> RunAsync(KnownMachine? known, long incarnation, CancellationToken cancellationToken)
    {
        if (known is not null) await known.StopAsync(cancellationToken);
        else await Preflight.CheckAsync(machine, [], report, cancellationToken);
        report.Step($"writing what the backup of {backup.CreatedOn} holds");
        known?.SetAside(incarnation);
        _paths.CreateDirectories();
        var bootstrap = BootstrapOf(backup);
        var first = new FirstMachine(machine, time);
        // By its name a machine that was set up anew is the node that it was.
        var id = known?.Node.NodeId ?? BackupContent.Nodes(backup).FirstOrDefault(node => node.Name == machine.Name)?.Id
            ?? Commands.RequestId.New();
        var node = first.NewNode(backup.ClusterId, id, incarnation);
        await BootstrapFile.At(_paths).WriteAsync(bootstrap, cancellationToken);
        await first.WriteIdentityAsync(node, bootstrap, ClusterKey.FromBytes(backup.ClusterKey.Span), cancellationToken);
        await KnownMachine.ConfirmAsync(_paths, incarnation, cancellationToken);
        await AtomicFile.WriteSealedAsync(_paths.RestoreFile, backup.ToByteArray(), FileModes.Private, cancellationToken);
        await NodeFile.At(_paths).WriteAsync(node, cancellationToken);
        return await new ClusterInit(machine, backup.Name, report, time).RunAsync(cancellationToken);
    }

    private static BootstrapFile BootstrapOf(V1.Backup backup)
    {
        var trust = BackupContent.Trust(backup);
        return new BootstrapFile
        {
            ClusterName = backup.Name, CaCertificatePem = trust.CaCertificatesPem[0], CaKeyPem = BackupContent.Secret(backup, "ca-key"),
            ConsulCaCertificatePem = trust.ConsulCaCertificatePem, ConsulCaKeyPem = BackupContent.Secret(backup, "consul-ca-key"),
            GossipKey = GossipKey.Create(), ConsulManagementToken = FirstMachine.NewGuid(), NodeTokenAccessor = FirstMachine.NewGuid(),
        };
    }
}
