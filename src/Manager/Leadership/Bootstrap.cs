// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using Microsoft.Extensions.Logging;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Leadership;

/// <summary>
/// Creates the cluster's state once: when <c>init</c> has left its file and Consul holds no <c>meta</c>, in one transaction that checks
/// both the lock and that <c>meta</c> does not exist.
/// </summary>
internal sealed partial class Bootstrap(
    ConsulClient consul, ClusterPaths paths, ManagerIdentity identity, SecretStore secrets, TimeProvider time, ILogger<Bootstrap> log)
{
    /// <summary>True when the state was created just now.</summary>
    /// <exception cref="StateUnreadableException">There is no file: Consul lost the cluster, or another's was found.</exception>
    public async Task<bool> TryCreateAsync(string session, CancellationToken cancellationToken)
    {
        var file = (await BootstrapFile.At(paths).ReadAsync(cancellationToken)).Value
            ?? throw new StateUnreadableException(
                StateKeys.Meta,
                $"it is missing: Consul does not hold cluster {identity.Cluster}. If Consul lost its data, restore it; "
                + "nothing is deleted on any node until then");
        List<TransactionOperation> operations =
        [
            TransactionOperation.CheckSession(StateKeys.Lead, session),
            TransactionOperation.CheckNotExists(StateKeys.Meta),
            .. Records(file),
        ];
        var result = await consul.Transactions.CommitAsync(operations, ConsistencyMode.Consistent, cancellationToken);
        if (result is not TransactionResult.Committed) return false;
        LogCreated(identity.Cluster.ToString(), file.ClusterName);
        return true;
    }

    /// <summary>The file's secrets are in Consul now: it goes.</summary>
    public void Forget()
    {
        var path = Path.Combine(paths.ManagerDirectory, "bootstrap.json");
        File.Delete(path);
        File.Delete(path + AtomicFile.PreviousSuffix);
    }

    private IEnumerable<TransactionOperation> Records(BootstrapFile file)
    {
        var now = time.GetUtcNow();
        yield return Set(StateKeys.Meta,
            RecordCodec.ToStored(new ClusterMeta(identity.Cluster, identity.Incarnation, file.ClusterName, now)));
        yield return Set(StateKeys.Version, new V1.StoredVersion
        {
            Version = new StateVersion(identity.Incarnation, 0, 0).ToWire(), NextServiceId = 1, NextNodeOrdinal = 2, NextRequest = 1,
        });
        yield return Set(StateKeys.Node(identity.Node), RecordCodec.ToStored(FirstNode(file, now)));
        yield return Set(StateKeys.Trust, Trust(file));
        yield return Secret(SecretNames.CaKey, file.CaKeyPem);
        if (file.ConsulCaKeyPem.Length > 0) yield return Secret(SecretNames.ConsulCaKey, file.ConsulCaKeyPem);
        if (file.GossipKey.Length > 0) yield return Secret(SecretNames.GossipKey, file.GossipKey);
        if (file.ConsulManagementToken.Length > 0) yield return Secret(SecretNames.ConsulManagementToken, file.ConsulManagementToken);
    }

    private NodeRecord FirstNode(BootstrapFile file, DateTimeOffset now) => new()
    {
        Id = identity.Node, Name = identity.Name, Ordinal = 1, Address = Host(identity.Address), IsManager = true,
        IsConsulServer = file.ConsulCaKeyPem.Length > 0, JoinedAt = now, ConsulTokenAccessor = file.NodeTokenAccessor,
        Labels = Maps.Of(file.Labels),
    };

    private static V1.StoredTrust Trust(BootstrapFile file)
    {
        var trust = new V1.StoredTrust { ConsulCaCertificatePem = file.ConsulCaCertificatePem, Datacenter = "dc1" };
        trust.CaCertificatesPem.Add(file.CaCertificatePem);
        return trust;
    }

    private static string Host(string address) => address[..address.LastIndexOf(':')].Trim('[', ']');

    private TransactionOperation Secret(string name, string plain) => Set(StateKeys.Secret(name), secrets.Seal(name, plain));

    private static TransactionOperation Set(string key, Google.Protobuf.IMessage message) =>
        TransactionOperation.Set(key, StoredFormat.Encode(message));

    [LoggerMessage(EventIds.Bootstrapped, LogLevel.Information, "Created cluster {ClusterId} ({Name})")]
    private partial void LogCreated(string clusterId, string name);
}
