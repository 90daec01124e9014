// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Simulation.Checks;
using ClusterManager.Simulation.Core;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Simulation.Managers;

/// <summary>
/// Brings together what the engines compute and what Consul takes: a transaction on the wire names a version, and the turn that made this
/// version is what was committed.
/// </summary>
internal sealed class Turns(Timeline timeline, Judge judge)
{
    private const int SpinMax = 300;
    private const int KeptMax = 64;
    private readonly SortedDictionary<string, (TimeSpan At, int Count)> _spins = new(StringComparer.Ordinal);
    private readonly SortedDictionary<StateVersion, ClusterState> _computed = [];
    private readonly Queue<ClusterState> _newest = new();

    /// <summary>Sees all that the manager of a host does.</summary>
    public TermWitness WitnessOf(string host) => new(judge.Loaded, (before, result) => Stepped(host, before, result));

    /// <summary>Consul takes a transaction that writes.</summary>
    public void Wrote(string host, string? session, IReadOnlyList<TransactionOperation> operations)
    {
        judge.Wrote(host, session, operations);
        var version = operations.FirstOrDefault(operation => operation.Key == StateKeys.Version);
        if (version is null) return;
        var stored = StoredFormat.Decode(StateKeys.Version, version.Value!.Value.ToArray(), V1.StoredVersion.Parser).Version.ToModel();
        if (_computed.TryGetValue(stored, out var state)) judge.Committed(state, host);
        else judge.Violate($"{host} stored {stored}, which no turn made");
    }

    private void Stepped(string host, ClusterState before, StepResult result)
    {
        NoticeSpin(host);
        judge.Stepped(before, result, [], host);
        if (result.Changes.IsEmpty) return;
        _computed[result.State.Version] = result.State;
        _newest.Enqueue(result.State);
        if (_newest.Count <= KeptMax) return;
        // After Consul was set back to an older copy, a version may have been made once more.
        var oldest = _newest.Dequeue();
        if (ReferenceEquals(_computed.GetValueOrDefault(oldest.Version), oldest)) _computed.Remove(oldest.Version);
    }

    private void NoticeSpin(string host)
    {
        var known = _spins.GetValueOrDefault(host);
        var count = known.At == timeline.Now ? known.Count + 1 : 0;
        _spins[host] = (timeline.Now, count);
        if (count > SpinMax) judge.Violate($"the engine of {host} spins: {count} turns without time");
    }
}
