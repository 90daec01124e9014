// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Model;
using ClusterManager.Simulation.Agents;
using ClusterManager.Simulation.Docker;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// What the agent's disk wants on a node runs there, whoever leads or not: with agent and engine well for a while, everything that ran
/// before and is good runs again. So a power cut of everything ends with containers before it ends with a quorum.
/// </summary>
internal sealed class Boots(Func<TimeSpan> now, Restarts restarts)
{
    // An event that was lost is made good by the next list, 30 s later; an answer of the engine that was lost is waited for 30 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly Dictionary<string, (SimulatedAgent? Agent, TimeSpan Since)> _well = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, TimeSpan> _idleSince = new(StringComparer.Ordinal);

    public IEnumerable<string> Check(SimulatedHost host)
    {
        var isWell = host is { IsPowered: true, Agent.Process.IsRunning: true, Engine: { IsUp: true, IsHung: false } };
        if (!isWell || !_well.TryGetValue(host.Name, out var known) || known.Agent != host.Agent || host.Engine.TroubleAt >= known.Since)
            known = _well[host.Name] = (isWell ? host.Agent : null, now());

        if (host.Agent?.Book is not { IsKnown: true } book) yield break;
        foreach (var item in book.Items.Values)
        {
            var key = $"{host.Name}/{item.Id}";
            if (IsToRun(host, item) && !IsRunning(host, item.Id)) _idleSince.TryAdd(key, now());
            else _idleSince.Remove(key);
            if (!_idleSince.TryGetValue(key, out var since) || now() - since < Patience || now() - known.Since < Patience) continue;
            _idleSince.Remove(key);
            var facts = host.Agent.Runners?.Board.Current.GetValueOrDefault(item.Id)?.Facts;
            yield return $"{item.Id} on {host.Name} does not run though the agent's disk wants it and all is well there: {facts}";
        }
    }

    private bool IsToRun(SimulatedHost host, Assignment item) => item is { Desired: DesiredState.Run, Exclusive: false }
        && SimulatedRegistry.BehaviourOf(item.Image) == ImageBehaviour.Good && restarts.HasRun(host, item.Id)
        && restarts.EndsInARow(host, item.Id) < 4 && item.Spec.Restart is { MaxAttempts: null, Condition: not RestartCondition.None }
        && item.Spec.Ports.All(port => port.Mode != PortMode.Fixed);

    private static bool IsRunning(SimulatedHost host, AllocationId id) => host.Engine.Containers.Any(container =>
        container.IsRunning && ContainerLabels.OwnerOf(container.Request.Labels, SimulatedCluster.Id) == id);
}
