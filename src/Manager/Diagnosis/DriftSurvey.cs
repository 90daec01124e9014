// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Diagnosis;

/// <summary>
/// What <c>cluster drift</c> asks the leader for: every agent compares its containers with what they should be, all at once, and
/// <see cref="DriftRules"/> puts it beside what is recorded. Changes nothing.
/// </summary>
internal sealed class DriftSurvey(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    /// <summary>Asks all agents that may have containers of the services.</summary>
    /// <param name="term">The term.</param>
    /// <param name="services">Which; empty: all.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<V1.DriftReport> RunAsync(
        LeaderTerm term, ImmutableArray<ServiceRecord> services, CancellationToken cancellationToken)
    {
        var nodes = term.Engine.Snapshots.Current.Nodes.Values.OrderBy(node => node.Name, StringComparer.Ordinal).ToList();
        var asked = nodes.Select(node => AskAsync(term, node.Id, cancellationToken)).ToArray();
        var answers = await Task.WhenAll(asked);
        // Judged by the state after the answers: what was placed meanwhile is too young to be missed.
        return DriftRules.Judge(
            term.Engine.Snapshots.Current, [.. nodes.Select((node, i) => (node, answers[i]))],
            services.Select(service => service.Id).ToImmutableSortedSet(), time.GetUtcNow());
    }

    private async Task<V1.Comparison?> AskAsync(LeaderTerm term, NodeId node, CancellationToken cancellationToken)
    {
        if (term.Sessions.Find(node) is not { } session) return null;
        return await session.AskAsync(
            session.Comparisons, request => new V1.ManagerMessage { Compare = new V1.CompareRequest { Request = request } }, Patience, time,
            cancellationToken);
    }
}
