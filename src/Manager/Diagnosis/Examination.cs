// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Consul;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Diagnosis;

/// <summary>
/// What <c>cluster doctor</c> asks the leader for: every agent and Consul are asked at once, what comes within
/// <see cref="Patience"/> is judged, and who did not answer is a finding too. Changes nothing.
/// </summary>
internal sealed class Examination(ConsulClient consul, ManagerFacts leader, TimeProvider time)
{
    /// <summary>How long agents may take; they are asked to take less.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <summary>Looks at everything.</summary>
    public async Task<V1.Diagnosis> RunAsync(LeaderTerm term, CancellationToken cancellationToken)
    {
        var state = term.Engine.Snapshots.Current;
        var nodes = state.Nodes.Values.OrderBy(node => node.Name, StringComparer.Ordinal).ToImmutableArray();
        var asked = nodes
            .Select(node => AskAsync(term, node, InspectionTargets.For(state, node, leader.Port), cancellationToken)).ToArray();
        var peers = TryAsync(() => consul.Operator.GetRaftServersAsync(ConsistencyMode.Stale, cancellationToken));
        var health = TryAsync(() => consul.Operator.GetAutopilotHealthAsync(cancellationToken));
        var answers = await Task.WhenAll(asked);
        var now = time.GetUtcNow();
        var findings = new List<V1.Finding>();
        findings.AddRange(QuorumRules.JudgeManagers(state));
        var (servers, view) = (await peers, await health);
        if (leader.OwnsConsul) findings.AddRange(QuorumRules.JudgeServers(state, servers, view));
        for (var i = 0; i < nodes.Length; i++) findings.AddRange(Judge(state, nodes[i], answers[i], now));
        var diagnosis = new V1.Diagnosis
        {
            NodesAsked = nodes.Length, NodesAnswered = answers.Count(one => one is not null), NowUnixMs = now.ToUnixTimeMilliseconds(),
        };
        diagnosis.Findings.AddRange(findings.OrderByDescending(one => one.Severity).ThenBy(one => one.Node, StringComparer.Ordinal));
        return diagnosis;
    }

    private IEnumerable<V1.Finding> Judge(ClusterState state, NodeRecord node, NodeFindings? found, DateTimeOffset now)
    {
        if (found is not null)
        {
            return
            [
                Found.Ok("agent", node.Name, "answers"),
                .. MachineRules.Judge(node.Name, found, ManagerVersion.Text, now),
                .. ConsulRules.Judge(node.Name, found.Inspection.Consul, leader.OwnsConsul),
            ];
        }

        var seen = state.NodeObservations.GetValueOrDefault(node.Id)?.State ?? NodeState.Unknown;
        var value = seen == NodeState.Ready ? "does not answer this question (older than this manager, or busy)" : $"{Word(seen)}";
        return [Found.Alarm("agent", node.Name, value, "answers", $"cluster node inspect {node.Name}; on it: cluster host status")];
    }

    private async Task<NodeFindings?> AskAsync(LeaderTerm term, NodeRecord node, ImmutableArray<string> targets,
        CancellationToken cancellationToken)
    {
        if (term.Sessions.Find(node.Id) is not { } session) return null;
        return await session.AskAsync(session.Inspections, Question, Patience, time, cancellationToken);

        V1.ManagerMessage Question(long request)
        {
            var question = new V1.InspectRequest { Request = request };
            question.TcpTargets.AddRange(targets);
            return new V1.ManagerMessage { Inspect = question };
        }
    }

    private static async Task<T?> TryAsync<T>(Func<Task<T>> call)
        where T : class
    {
        try
        {
            return await call();
        }
        catch (ConsulException)
        {
            return null;
        }
    }

    private static string Word(NodeState state) => state switch
    {
        NodeState.Down => "down",
        NodeState.AgentAway => "away; its containers run on",
        NodeState.EngineDown => "answers, but its Docker Engine does not",
        _ => "not heard of since this leader was elected",
    };
}
