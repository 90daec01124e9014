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
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// What must hold after every event, whatever went wrong. It knows the truth: what Consul has stored, what runs where. The first violation
/// ends the run.
/// </summary>
internal sealed class Judge
{
    private static readonly TimeSpan ExplainedFor = TimeSpan.FromSeconds(100);
    private readonly SortedDictionary<AllocationId, (NodeId Node, int Revision, long CreatedAt)> _known = [];
    private readonly SortedSet<AllocationId> _ended = [];
    private readonly SortedDictionary<ServiceId, ServiceName> _services = [];
    private readonly List<string> _violations = [];
    private readonly SimulatedCluster cluster;
    private readonly AgentBooks _books;
    private readonly Restarts _restarts;
    private readonly Fences _fences;
    private readonly Boots _boots;
    private readonly Sessions _sessions;
    private readonly Pulls _pulls;
    private readonly Names _names;
    private readonly Hooks _hooks;
    private SortedDictionary<string, TimeSpan> _untrueSince = new(StringComparer.Ordinal);

    public Judge(SimulatedCluster cluster)
    {
        this.cluster = cluster;
        _books = new AgentBooks(() => cluster.Timeline.Now);
        _restarts = new Restarts(() => cluster.Timeline.Now);
        _fences = new Fences(() => cluster.Timeline.Now);
        _boots = new Boots(() => cluster.Timeline.Now, _restarts);
        _sessions = new Sessions(() => cluster.Timeline.Now);
        _names = new Names(() => cluster.Timeline.Now);
        _hooks = new Hooks(cluster.Faults);
        _pulls = new Pulls((node, image) => cluster.Hosts.Any(host => host.Node == node && host.Engine.HasImage(image)));
    }

    /// <summary>What was stored last; null: nothing yet.</summary>
    public ClusterState? Truth { get; private set; }

    /// <summary>Consul's content is an older copy, or none, for a while: what is committed on it is not the truth.</summary>
    public bool IsSetBack
    {
        get;
        set
        {
            field = value;
            ChangedBackAt = cluster.Timeline.Now;
            _fences.Forget();
        }
    }

    /// <summary>When Consul's content was last changed under everybody's feet; null: never.</summary>
    public TimeSpan? ChangedBackAt { get; private set; }

    /// <summary>Consul has nothing of ours for a while: nobody may lead from that.</summary>
    public bool IsEmptied { get; set; }

    /// <summary>Commits that Consul took.</summary>
    public long Commits { get; private set; }

    /// <summary>Messages of sessions, heartbeats left out.</summary>
    public long Messages { get; set; }

    /// <summary>Distinct shapes of services that were reached.</summary>
    public HashSet<int> Shapes { get; } = [];

    /// <summary>Distinct situations of the whole cluster that were reached.</summary>
    public HashSet<int> Situations { get; } = [];

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
        foreach (var broken in Releases.Check(before, after)) Violate(broken);
        if (ReferenceEquals(before.Allocations, after.Allocations) && ReferenceEquals(before.Services, after.Services)
            && ReferenceEquals(before.Nodes, after.Nodes) && ReferenceEquals(before.Observations, after.Observations)) return;
        foreach (var broken in StateInvariants.CheckStep(before, after)) Violate(broken);
        foreach (var broken in Verdicts.Check(before, after).Concat(Followings.Check(before, after)).Concat(_hooks.Check(before, after)))
            Violate(broken);
        foreach (var put in result.Changes.OfType<StateChange.PutRequest>())
            if (before.Requests.ContainsKey(put.Request.Id)) Violate($"{put.Request.Id} is carried out again");
        foreach (var (service, broken) in Availability.Check(before, after))
            Violate($"{broken}; before: {Stories.Of(after, before.Allocations[service])}; after: "
                + $"{Stories.Of(after, after.Allocations[service])}");
        if (ReferenceEquals(before.Allocations, after.Allocations)) return;
        foreach (var broken in Losses.Check(before, after).Concat(Placements.Check(before, after))) Violate(broken);
        foreach (var broken in _pulls.Check(before, after).Concat(Canaries.Check(before, after))) Violate(broken);
        foreach (var (node, broken) in Capacity.Check(before, after))
            Violate($"{broken}: {Stories.Of(after, after.LiveByNode[node])}; before: "
                + $"{Stories.Of(before, before.LiveByNode.GetValueOrDefault(node, []))}");
    }

    /// <summary>Consul took a transaction that writes.</summary>
    public void Wrote(string host, string? session, IReadOnlyList<TransactionOperation> operations)
    {
        if (IsEmptied) Violate($"{host} writes into a store that has lost the state");
        else if (session is null) Violate($"{host} wrote without a fence");
        else if (cluster.Consul.Holder != host) Violate($"{host} wrote and {cluster.Consul.Holder ?? "nobody"} holds the lock");
    }

    /// <summary>Consul took a turn's commit.</summary>
    public void Committed(ClusterState state, string host)
    {
        Commits++;
        if (IsSetBack) return;
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
        foreach (var broken in _hooks.Committed(Truth, state)) Violate(broken);
        Truth = state;
        _names.Committed(state);
        _books.Committed(state);
        Situations.Add(Stories.SituationOf(cluster, state));
    }

    /// <summary>A new leader has read the state: it must be what was committed.</summary>
    public void Loaded(StoredCluster stored)
    {
        if (Truth is not { } truth || IsSetBack) return;
        if (stored.Version != truth.Version) Violate($"a leader read {stored.Version}, stored is {truth.Version}");
        var built = ClusterStateBuilder.Build(stored);
        foreach (var broken in Differences.Between(truth, built)) Violate($"what was read differs from what was committed: {broken}");
    }

    /// <summary>A container's process began or ended.</summary>
    public void Process(SimulatedHost host, SimulatedContainer container, bool isBegin)
    {
        if (ContainerLabels.OwnerOf(container.Request.Labels, SimulatedCluster.Id) is not { } id) return;
        var ports = container.Request.Ports.Select(port => port.HostPort).Where(port => port >= SimulatedAgent.FirstPort);
        if (!isBegin)
        {
            _restarts.Ended(host, id, ports);
            return;
        }

        foreach (var broken in _restarts.Began(host, id, ports)) Violate(broken);
        if (_hooks.Began(host, container, id) is { } again) Violate(again);
        foreach (var other in cluster.Hosts)
            foreach (var running in other.Engine.Containers)
            {
                if (!running.IsRunning || running == container
                    || ContainerLabels.OwnerOf(running.Request.Labels, SimulatedCluster.Id) is not { } theirs) continue;
                if (theirs == id) Violate($"{id} runs twice: {container.Id} and {running.Id}");
                else if (theirs.Service == id.Service && theirs.Slot == id.Slot) CheckExclusive(host, id, other, theirs);
            }
    }

    /// <summary>An agent asked its engine to stop (with a grace) or to remove a running container.</summary>
    public void AskedToEnd(SimulatedHost host, SimulatedContainer container, TimeSpan? grace)
    {
        foreach (var broken in Stops.Check(host, container, grace, Truth, cluster.Timeline.Now)) Violate(broken);
    }

    /// <summary>After every event: who holds the lock.</summary>
    public void Look() => _fences.Look(cluster.Consul.HolderSession, cluster.Consul.HolderTerm);

    /// <summary>A manager sends to an agent.</summary>
    public void Sent(SimulatedHost host, V1.ManagerMessage message)
    {
        if (_fences.Sent(host.Name, message) is { } broken) Violate(broken);
    }

    /// <summary>The agent's disk was lost.</summary>
    public void DiskLost(SimulatedHost host)
    {
        _books.Forget(host);
        _hooks.Forget(host);
    }

    /// <summary>Each second: what agents hold, what they run, what callers are told, who is in session.</summary>
    public void CheckHosts()
    {
        foreach (var broken in _sessions.Check(cluster.Leader)) Violate(broken);
        foreach (var host in cluster.Hosts)
        {
            if (_books.Check(host) is { } wrong) Violate(wrong);
            foreach (var broken in _boots.Check(host)) Violate(broken);
            if (!host.Engine.HasForeign) Violate($"the container on {host.Name} that is not ours is gone");
            if (!host.Services.HasForeign) Violate($"the service on {host.Name} that is not ours is gone");
        }

        if (Truth is { } truth && !IsSetBack)
            foreach (var broken in _names.Check(truth, cluster.Hosts, IsTroubled)) Violate(broken);
        CheckRegistrations();
    }

    /// <summary>What callers are told must run.</summary>
    private void CheckRegistrations()
    {
        var untrue = new SortedDictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var host in cluster.Hosts.Where(host => host.IsPowered && cluster.Consul.Serf[host.Name]))
            foreach (var (entry, isPassing) in host.Services.Entries)
            {
                if (isPassing && entry.Meta.TryGetValue("allocation", out var id)) CheckRegistration(host, entry.Id, id, untrue);
            }

        _untrueSince = untrue;
    }

    private void CheckRegistration(SimulatedHost host, string entry, string allocation, SortedDictionary<string, TimeSpan> untrue)
    {
        var container = host.Engine.Containers
            .FirstOrDefault(container => container.Request.Labels.GetValueOrDefault(ContainerLabels.Allocation) == allocation);
        if (container is { IsRunning: true })
        {
            if (container.Behaviour == ImageBehaviour.Sick && SpecOf(allocation)?.Health is not null)
                Violate($"{entry} on {host.Name} is passing and was never well");
            return;
        }

        var key = $"{host.Name}/{entry}/{allocation}/{container?.Run}"; // it may have run between two looks
        untrue[key] = _untrueSince.GetValueOrDefault(key, cluster.Timeline.Now);
        var untrueFor = cluster.Timeline.Now - untrue[key];
        var isExplained = host.Agent is not { Process.IsRunning: true } || !host.Engine.IsUp || IsTroubled(host);
        // A lost event is made good by the next list, 30 s later; an engine that hangs then costs that list its 30 s,
        // and the next one 30 s more.
        var bound = TimeSpan.FromSeconds(isExplained ? 130 : container is { IsEndTold: true } ? 5 : 35);
        if (untrueFor > bound) Violate($"{entry} on {host.Name} is passing and has not run for {untrueFor.TotalSeconds} s");
    }

    private ServiceSpec? SpecOf(string allocation) => AllocationId.TryParse(allocation, out var id) && Truth?.Find(id) is { } record
        ? Truth.Revisions[id.Service][record.Revision].Spec : null;

    private void CheckExclusive(SimulatedHost host, AllocationId id, SimulatedHost other, AllocationId theirs)
    {
        if (Truth is null || !Truth.Revisions.TryGetValue(id.Service, out var revisions)) return;
        if (!revisions.Values.All(revision => revision.Spec.NamedVolumes().Any())) return;
        if (IsTroubled(other) || IsTroubled(host) || other.Agent is not { Process.IsRunning: true, HasSession: true }) return;
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
