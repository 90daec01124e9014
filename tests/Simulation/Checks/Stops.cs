// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Simulation.Agents;
using ClusterManager.Simulation.Docker;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// When an agent asks its engine to end a running container, nobody wants it there any more (or it is sick), callers have been kept away
/// for the drain delay, and the stop has the grace that the user gave.
/// </summary>
internal static class Stops
{
    private static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(25);

    /// <param name="host">Whose agent asked.</param>
    /// <param name="container">What is to end.</param>
    /// <param name="grace">The stop's; null: it is removed by force.</param>
    /// <param name="truth">What is stored.</param>
    /// <param name="now">Since the run began.</param>
    public static IEnumerable<string> Check(
        SimulatedHost host, SimulatedContainer container, TimeSpan? grace, ClusterState? truth, TimeSpan now)
    {
        if (ContainerLabels.OwnerOf(container.Request.Labels, SimulatedCluster.Id) is not { } id)
        {
            yield return $"{host.Name} ends {container.Request.Name}, which is not ours";
            yield break;
        }

        var record = truth?.Find(id);
        var isSick = container.Behaviour == ImageBehaviour.Sick;
        if (!isSick && record is { IsWanted: true } && record.Node == host.Node)
            yield return $"{host.Name} ends {id}, which is wanted there";
        // An agent whose engine has not listed yet keeps every entry as it is; a stop waits for that only so long.
        if (host.Agent?.Supervisor?.HasListed.Current != true) yield break;
        foreach (var (entry, isPassing) in host.Services.Entries)
            if (isPassing && entry.Meta.GetValueOrDefault("allocation") == id.ToString())
                yield return $"{host.Name} ends {id} while callers are still sent to it by {entry.Id}";
        var spec = record is null ? null : truth!.Revisions.GetValueOrDefault(id.Service)?.GetValueOrDefault(record.Revision)?.Spec;
        var drain = spec?.DrainDelay ?? ServiceSpec.DefaultDrainDelay;
        if (!isSick && host.Services.LastPassing(id.ToString()) is { } left && now - left < drain - Tolerance)
            yield return $"{host.Name} ends {id} {(now - left).TotalSeconds:0.000} s after callers were told to go elsewhere, not {drain}";
        if (grace is { } given && spec is not null && given != spec.Container.StopGracePeriod && given != DefaultGrace)
            yield return $"{host.Name} gives {id} {given.TotalSeconds} s to stop, not {spec.Container.StopGracePeriod.TotalSeconds}";
    }
}
