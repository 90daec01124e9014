// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Discovery;

/// <summary>
/// Removes what dead nodes left in Consul's catalog, under the leader's fence: serf hides such entries at once, and this clears them.
/// Only entries whose id begins with <c>cluster/</c> and whose node is down are touched; a living node's entries are its agent's.
/// </summary>
internal sealed partial class RegistrationAudit(
    ConsulClient consul, EngineLoop engine, string session, TimeProvider time, ILogger<RegistrationAudit> log)
{
    private const string OurPrefix = "cluster/";
    private const string OurChecks = $"ServiceID matches \"^{OurPrefix}\"";
    private const int DeletesPerTransaction = 60;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Period, time, cancellationToken);
            try
            {
                await AuditAsync(engine.Snapshots.Current, cancellationToken);
            }
            catch (ConsulException error)
            {
                LogAuditFailed(error.Text);
            }
        }
    }

    private async Task AuditAsync(ClusterState state, CancellationToken cancellationToken)
    {
        var down = state.Nodes.Values
            .Where(node => state.NodeObservations.GetValueOrDefault(node.Id)?.State == NodeState.Down)
            .Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        if (down.Count == 0) return;
        // One question, however many services there are: each of our entries has its check.
        var checks = await consul.Health.GetFilteredAsync(OurChecks, ReadOptions.Default, cancellationToken);
        var dead = checks.Value.Where(check => down.Contains(check.Node) && check.ServiceId.StartsWith(OurPrefix, StringComparison.Ordinal))
            .DistinctBy(check => (check.Node, check.ServiceId))
            .Select(check => TransactionOperation.DeleteService(check.Node, check.ServiceId, check.ServiceName));
        foreach (var part in dead.Chunk(DeletesPerTransaction))
        {
            TransactionOperation[] operations = [TransactionOperation.CheckSession(StateKeys.Lead, session), .. part];
            var result = await consul.Transactions.CommitAsync(operations, ConsistencyMode.Consistent, cancellationToken);
            if (result is TransactionResult.Committed) LogRemoved(part.Length);
        }
    }

    [LoggerMessage(EventIds.AuditRemoved, LogLevel.Information, "Removed {Count} catalog entries of nodes that are down")]
    private partial void LogRemoved(int count);

    [LoggerMessage(EventIds.AuditFailed, LogLevel.Warning, "The audit of Consul's catalog failed: {Problem}")]
    private partial void LogAuditFailed(string problem);
}
