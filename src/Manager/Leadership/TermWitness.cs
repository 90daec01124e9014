// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Leadership;

/// <summary>Sees what a term does, and changes nothing: the simulation's judges are such.</summary>
/// <param name="Loaded">Told what was read from Consul before the term began.</param>
/// <param name="Stepped">Told of every turn before its commit, with the state before it.</param>
internal sealed record TermWitness(Action<StoredCluster> Loaded, Action<ClusterState, StepResult> Stepped)
{
    /// <summary>Nobody looks.</summary>
    public static TermWitness Nobody { get; } = new(static _ => { }, static (_, _) => { });
}
