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
    /// <summary>The disk with the file. Default: this machine's.</summary>
    public AtomicFiles Files { get; init; } = AtomicFiles.Local;

    /// <summary>True when the state was created just now.</summary>
    /// <exception cref="StateUnreadableException">There is no file: Consul lost the cluster, or another's was found.</exception>
    public async Task<bool> TryCreateAsync(string session, CancellationToken cancellationToken)
    {
        var file = (await BootstrapFile.At(paths, Files).ReadAsync(cancellationToken)).Value
            ?? throw new StateUnreadableException(
                StateKeys.Meta,
                $"it is missing: Consul does not hold cluster {identity.Cluster}. If Consul lost its data, restore it; "
                + "nothing is deleted on any node until then");
        var backup = await RestoreFile.ReadAsync(paths, Files, cancellationToken);
        var records = backup is null ? Records(file).ToList() : await StoreAsync(backup, file, session, cancellationToken);
        List<TransactionOperation> operations =
        [
            TransactionOperation.CheckSession(StateKeys.Lead, session), TransactionOperation.CheckNotExists(StateKeys.Meta), .. records,
        ];
        var result = await consul.Transactions.CommitAsync(operations, ConsistencyMode.Consistent, cancellationToken);
        if (result is not TransactionResult.Committed) return false;
        LogCreated(identity.Cluster.ToString(), file.ClusterName, identity.Incarnation);
        return true;
    }

    /// <summary>The file's secrets are in Consul now: it goes.</summary>
    public void Forget()
    {
        BootstrapFile.Delete(paths, Files);
        RestoreFile.Delete(paths, Files);
    }

    /// <summary>
    /// Stores a backup's records, all but those that make it a cluster: broken off here, there is none, and the next try writes it again.
    /// </summary>
    /// <returns>What the last transaction is to write.</returns>
    private async Task<List<TransactionOperation>> StoreAsync(
        V1.Backup backup, BootstrapFile file, string session, CancellationToken cancellationToken)
    {
        var restored = RestoredState.Of(backup, identity, file.NodeTokenAccessor, time.GetUtcNow());
        foreach (var part in restored.Parts())
        {
            TransactionOperation[] operations =
            [
                TransactionOperation.CheckSession(StateKeys.Lead, session), TransactionOperation.CheckNotExists(StateKeys.Meta),
                .. part.Select(entry => TransactionOperation.Set(entry.Key, entry.Value)),
            ];
            var result = await consul.Transactions.CommitAsync(operations, ConsistencyMode.Consistent, cancellationToken);
            if (result is not TransactionResult.Committed)
                throw new StateUnreadableException(StateKeys.Meta, "the backup could not be stored");
        }

        return [.. restored.Last.Select(entry => TransactionOperation.Set(entry.Key, entry.Value)), Set(StateKeys.Trust, Trust(file)),
            .. Secrets(file)];
    }

    private IEnumerable<TransactionOperation> Records(BootstrapFile file)
    {
        var now = time.GetUtcNow();
        var counters = CounterJump.Of(identity.Incarnation);
        var meta = new ClusterMeta(identity.Cluster, identity.Incarnation, file.ClusterName, now)
        {
            GenerationFloor = counters.GenerationFloor,
        };
        yield return Set(StateKeys.Meta, RecordCodec.ToStored(meta));
        yield return Set(StateKeys.Version, new V1.StoredVersion
        {
            Version = new StateVersion(identity.Incarnation, 0, 0).ToWire(), NextServiceId = counters.ServiceIds + 1,
            NextNodeOrdinal = counters.NodeOrdinals + 2, NextRequest = 1,
        });
        yield return Set(StateKeys.Node(identity.Node), RecordCodec.ToStored(FirstNode(file, now, counters)));
        yield return Set(StateKeys.Trust, Trust(file));
        foreach (var secret in Secrets(file)) yield return secret;
    }

    private IEnumerable<TransactionOperation> Secrets(BootstrapFile file)
    {
        yield return Secret(SecretNames.CaKey, file.CaKeyPem);
        if (file.ConsulCaKeyPem.Length > 0) yield return Secret(SecretNames.ConsulCaKey, file.ConsulCaKeyPem);
        if (file.GossipKey.Length > 0) yield return Secret(SecretNames.GossipKey, file.GossipKey);
        if (file.ConsulManagementToken.Length > 0) yield return Secret(SecretNames.ConsulManagementToken, file.ConsulManagementToken);
    }

    private NodeRecord FirstNode(BootstrapFile file, DateTimeOffset now, CounterJump counters) => new()
    {
        Id = identity.Node, Name = identity.Name, Ordinal = counters.NodeOrdinals + 1, Address = Host(identity.Address), IsManager = true,
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

    [LoggerMessage(
        EventIds.Bootstrapped, LogLevel.Information, "Created the state of cluster {ClusterId} ({Name}), incarnation {Incarnation}")]
    private partial void LogCreated(string clusterId, string name, long incarnation);
}
