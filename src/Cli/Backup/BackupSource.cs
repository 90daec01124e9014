// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Consul;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Backup;

/// <summary>Reads the whole state from a manager's own Consul in one call, which is one moment of it, and the key that opens its
/// secrets.</summary>
internal sealed class BackupSource(ClusterPaths paths, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Reads it.</summary>
    /// <param name="isStale">
    /// From this machine's server alone, without a quorum: the last resort when the other servers are lost for good.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BootstrapException">This machine is no manager, Consul does not answer, or there is no state in it.</exception>
    public async Task<V1.Backup> ReadAsync(bool isStale, CancellationToken cancellationToken)
    {
        var node = (await NodeFile.At(paths).ReadAsync(cancellationToken)).Value;
        var key = await ClusterKey.TryLoadAsync(paths.ClusterKey, cancellationToken);
        if (node is not { IsManager: true } || key is null)
            throw new BootstrapException(
                BootstrapException.Failed, "a backup is made by root where a manager runs: only there is the key of its secrets");
        var entries = await ListAsync(node, isStale, cancellationToken);
        var version = BackupContent.Version(entries)
            ?? throw new BootstrapException(
                BootstrapException.Failed, "Consul holds no state of a cluster: there is nothing to back up (has it lost its data?)");
        var meta = BackupContent.Meta(entries)!;
        var backup = new V1.Backup
        {
            ClusterId = meta.ClusterId, Name = meta.Name, Version = version, CreatedUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            CreatedOn = node.NodeName, ClusterKey = ByteString.CopyFrom(key.Reveal()),
        };
        backup.Entries.AddRange(entries);
        return backup;
    }

    private async Task<List<V1.BackupEntry>> ListAsync(NodeFile node, bool isStale, CancellationToken cancellationToken)
    {
        var token = (await AtomicFile.ReadTextAsync(paths.ManagerConsulToken, cancellationToken))?.Trim();
        using var consul = new ConsulClient(
            new ConsulClientOptions { Address = new Uri(node.Consul.HttpAddress), Token = () => token, Timeout = Limit });
        try
        {
            var read = isStale ? ReadOptions.Stale : ReadOptions.Consistent;
            var answer = await consul.Kv.ListAsync(BackupContent.Root, read, cancellationToken);
            return
            [
                .. answer.Value.Where(entry => entry.Key != BackupContent.LockKey)
                    .Select(entry => new V1.BackupEntry { Key = entry.Key, Value = ByteString.CopyFrom(entry.Value) }),
            ];
        }
        catch (ConsulException error)
        {
            throw new BootstrapException(
                BootstrapException.Failed, $"Consul does not give the state: {error.Text}"
                + (isStale ? "" : ". Without a quorum the copy of this machine's server can be taken with --stale"));
        }
    }
}
