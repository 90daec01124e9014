// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Consul.Provisioning;
using ClusterManager.Manager.State;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Enrollment;

/// <summary>Removes what a removed node leaves in Consul: its token, its catalog entry, its place in the raft.</summary>
internal sealed partial class NodeDeparture(ConsulClient consul, ILogger<NodeDeparture> log)
{
    /// <summary>Best effort: what fails is logged with what to do; the node's record is gone already.</summary>
    public async Task CleanAsync(NodeRecord node, CancellationToken cancellationToken)
    {
        await TryAsync("its raft peer", node, async () =>
        {
            if (!node.IsConsulServer) return;
            var peers = await consul.Operator.GetRaftServersAsync(ConsistencyMode.Default, cancellationToken);
            foreach (var peer in peers.Where(peer => peer.Node == node.Name))
                await consul.Operator.RemoveRaftServerAsync(peer.Id, cancellationToken);
        });
        await TryAsync("its gossip membership", node, () => consul.Agent.ForceLeaveAsync(node.Name, cancellationToken));
        await TryAsync("its catalog entry", node, () => consul.Catalog.DeregisterAsync(node.Name, null, cancellationToken));
        if (node.ConsulTokenAccessor.Length > 0)
            await TryAsync("its token", node,
                () => new ConsulAcl(consul).DeleteNodeAsync(node.Name, node.ConsulTokenAccessor, cancellationToken));
    }

    private async Task TryAsync(string what, NodeRecord node, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (ConsulException error)
        {
            LogFailed(node.Name, what, error.Text);
        }
    }

    [LoggerMessage(EventIds.AuditFailed + 1, LogLevel.Warning, "Removing node {Name}: {What} stays in Consul: {Problem}")]
    private partial void LogFailed(string name, string what, string problem);
}
