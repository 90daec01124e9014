// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Allocations;
using ClusterManager.Consul;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Simulation.Agents;
using ClusterManager.Simulation.Docker;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// What must hold after every event, whatever went wrong. It knows the truth: what Consul has stored, what runs where. The first violation
/// ends the run.
/// </summary>
internal sealed class Judge(SimulatedCluster cluster)
{
    private static readonly TimeSpan ExplainedFor = TimeSpan.FromSeconds(100);
    private readonly SortedDictionary<AllocationId, (NodeId Node, int Revision, long CreatedAt)> _known = [];
    private readonly SortedSet<AllocationId> _ended = [];
    private readonly SortedDictionary<ServiceId, ServiceName> _services = [];
    private readonly List<string> _violations = [];
    private SortedDictionary<string, TimeSpan> _untrueSince = new(StringComparer.Ordinal);

    /// <summary>What was stored last; null: nothing yet.</summary>
    public ClusterState? Truth { get; private set; }

    /// <summary>Commits that Consul took.</summary>
    public long Commits { get; private set; }

    /// <summary>Messages of sessions, heartbeats left out.</summary>
    public long Messages { get; set; }

    /// <summary>Distinct shapes of the state that were reached.</summary>
    public HashSet<int> Shapes { get; } = [];

    /// <summary>What is wrong; empty: nothing.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Something is wrong.</summary>
    public void Violate(string what)
    {
        if (_violations.Count >= 5) return;
        _violations.Add(what);
        cluster.Trace.Tell("JUDGE", what);
    }

    /// <summary>A turn was taken, not yet committed.</summary>
    public void Stepped(ClusterState before, StepResult result, IReadOnlyList<ClusterEvent> events, string host)
    {
        var after = result.State;
        if (result.Changes.Length > StateChange.MaxPerTurn) Violate($"a turn has {result.Changes.Length} changes");
        if (!result.Changes.IsEmpty) cluster.Trace.Tell(host, $"{after.Version}: {string.Join(", ", result.Changes.Select(Stories.Of))}");
        if (ReferenceEquals(before.Allocations, after.Allocations) && ReferenceEquals(before.Services, after.Services)
            && ReferenceEquals(before.Nodes, after.Nodes) && ReferenceEquals(before.Observations, after.Observations)) return;
        foreach (var broken in StateInvariants.CheckStep(before, after)) Violate(broken);
        if (ReferenceEquals(before.Allocations, after.Allocations)) return;
        foreach (var (service, broken) in Availability.Check(before, after))
            Violate($"{broken}; before: {Stories.Of(after, before.Allocations[service])}; after: "
                + $"{Stories.Of(after, after.Allocations[service])}");
        foreach (var (node, broken) in Capacity.Check(before, after))
            Violate($"{broken}: {Stories.Of(after, after.LiveByNode[node])}; before: "
                + $"{Stories.Of(before, before.LiveByNode.GetValueOrDefault(node, []))}");
    }

    /// <summary>Consul took a transaction that writes.</summary>
    public void Wrote(string host, string? session, IReadOnlyList<TransactionOperation> operations)
    {
        if (session is null) Violate($"{host} wrote without a fence");
        else if (cluster.Consul.Holder != host) Violate($"{host} wrote and {cluster.Consul.Holder ?? "nobody"} holds the lock");
    }

    /// <summary>Consul took a turn's commit.</summary>
    public void Committed(ClusterState state, string host)
    {
        Commits++;
        if (Truth is { } old && state.Version <= old.Version) Violate($"{host} committed {state.Version} after {old.Version}");
        if (Truth is null || !ReferenceEquals(Truth.Allocations, state.Allocations))
            foreach (var (service, map) in state.Allocations)
            {
                if (Truth is { } before && before.Allocations.TryGetValue(service, out var same) && ReferenceEquals(same, map)) continue;
                foreach (var record in map.BySlot.Values.SelectMany(records => records)) Remember(record);
                Shapes.Add(Stories.ShapeOf(state, service, map));
            }

        foreach (var (id, service) in state.Services)
            if (!_services.TryAdd(id, service.Name)
                && _services[id] != service.Name) Violate($"service id {id} was {_services[id]} and is {service.Name}");
        Truth = state;
    }

    /// <summary>A new leader has read the state: it must be what was committed.</summary>
    public void Loaded(StoredCluster stored)
    {
        if (Truth is not { } truth) return;
        if (stored.Version != truth.Version) Violate($"a leader read {stored.Version}, stored is {truth.Version}");
        var built = ClusterStateBuilder.Build(stored);
        foreach (var broken in Differences.Between(truth, built)) Violate($"what was read differs from what was committed: {broken}");
    }

    /// <summary>A container's process began or ended.</summary>
    public void Process(SimulatedHost host, SimulatedContainer container, bool isBegin)
    {
        if (!isBegin || ContainerLabels.OwnerOf(container.Request.Labels, SimulatedCluster.Id) is not { } id) return;
        foreach (var other in cluster.Hosts)
            foreach (var running in other.Engine.Containers)
            {
                if (!running.IsRunning || running == container
                    || ContainerLabels.OwnerOf(running.Request.Labels, SimulatedCluster.Id) is not { } theirs) continue;
                if (theirs == id) Violate($"{id} runs twice: {container.Id} and {running.Id}");
                else if (theirs.Service == id.Service && theirs.Slot == id.Slot) CheckExclusive(host, id, other, theirs);
            }
    }

    /// <summary>An agent asked its engine to stop or remove a running container.</summary>
    public void AskedToEnd(SimulatedHost host, SimulatedContainer container)
    {
        if (ContainerLabels.OwnerOf(container.Request.Labels, SimulatedCluster.Id) is not { } id) return;
        if (host.Agent?.Runners?.Board.Current.GetValueOrDefault(id)?.Goal is not >= RunnerGoal.Stop) return;
        if (Truth?.Find(id) is { IsWanted: true } record
            && record.Node == host.Node) Violate($"{host.Name} ends {id}, which is wanted there");
    }

    /// <summary>What callers are told must run.</summary>
    public void CheckRegistrations()
    {
        var untrue = new SortedDictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var host in cluster.Hosts.Where(host => host.IsPowered && cluster.Consul.Serf[host.Name]))
            foreach (var (entry, isPassing) in host.Services.Entries)
            {
                if (isPassing) CheckRegistration(host, entry.Id, entry.Meta["allocation"], untrue);
            }

        _untrueSince = untrue;
    }

    private void CheckRegistration(SimulatedHost host, string entry, string allocation, SortedDictionary<string, TimeSpan> untrue)
    {
        var container = host.Engine.Containers.FirstOrDefault(container => container.Request.Labels["cluster.allocation"] == allocation);
        if (container is { IsRunning: true }) return;
        var key = $"{host.Name}/{entry}/{allocation}/{container?.Run}"; // it may have run between two looks
        untrue[key] = _untrueSince.GetValueOrDefault(key, cluster.Timeline.Now);
        var untrueFor = cluster.Timeline.Now - untrue[key];
        var isExplained = host.Agent is not { Process.IsRunning: true } || !host.Engine.IsUp || IsTroubled(host);
        // A lost event is made good by the next list, 30 s later; an engine that hangs then costs that list its 30 s,
        // and the next one 30 s more.
        var bound = isExplained ? TimeSpan.FromSeconds(130) : TimeSpan.FromSeconds(35);
        if (untrueFor > bound) Violate($"{entry} on {host.Name} is passing and has not run for {untrueFor.TotalSeconds} s");
    }

    private void CheckExclusive(SimulatedHost host, AllocationId id, SimulatedHost other, AllocationId theirs)
    {
        if (Truth is null || !Truth.Revisions.TryGetValue(id.Service, out var revisions)) return;
        if (!revisions.Values.All(revision => revision.Spec.NamedVolumes().Any())) return;
        if (IsTroubled(other) || IsTroubled(host) || other.Agent is not { Process.IsRunning: true, Dialler.IsEstablished: true }) return;
        Violate($"{id} starts on {host.Name} while {theirs} of the same exclusive slot runs on {other.Name}");
    }

    private bool IsTroubled(SimulatedHost host) =>
        (host.TroubleAt is { } at && cluster.Timeline.Now - at < ExplainedFor)
        || (host.Engine.TroubleAt is { } engine && cluster.Timeline.Now - engine < ExplainedFor);

    private void Remember(AllocationRecord record)
    {
        var now = (record.Node, record.Revision, record.CreatedAt.ToUnixTimeMilliseconds()); // as it is stored
        if (!_known.TryAdd(record.Id, now)
            && _known[record.Id] != now) Violate($"{record.Id} is used twice: {_known[record.Id]} and {now}");
        if (record.IsLive && _ended.Contains(record.Id)) Violate($"{record.Id} had ended and lives again");
        if (!record.IsLive) _ended.Add(record.Id);
    }
}
