// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Consul;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Simulation.Agents;
using ClusterManager.Simulation.Checks;
using ClusterManager.Simulation.Consul;
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Docker;
using ClusterManager.Simulation.Managers;
using ClusterManager.Simulation.Network;
using ClusterManager.Simulation.Workload;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Simulation;

/// <summary>A whole cluster of one seed, in one thread and virtual time.</summary>
internal sealed class SimulatedCluster
{
    /// <summary>Every simulated cluster's id.</summary>
    public static readonly ClusterId Id = new(7);

    private readonly SeededStream _reads;
    private KvEntry? _oldLead;
    private IReadOnlyDictionary<string, bool>? _oldSerf;

    /// <summary>A cluster that has just been made: its hosts run, its state is empty.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="teller">Told each line of the story; null: nobody listens.</param>
    public SimulatedCluster(ulong seed, Action<string>? teller)
    {
        Seed = seed;
        Mix = FaultMix.Draw(seed);
        Timeline = new Timeline();
        Trace = new Trace(Timeline, teller);
        Judge = new Judge(this);
        _reads = new SeededStream(seed, "reads");
        Network = new SimulatedNetwork(Timeline, seed, () => Mix);
        Hosts = [.. Enumerable.Range(1, Mix.Hosts).Select(MakeHost)];
        ManagerHosts = [.. Hosts.Take(Mix.Managers)];
        Consul = new SimulatedConsul(
            Timeline, Network, seed, () => Mix, what => Trace.Tell("consul", what), [.. Hosts.Select(host => host.Name)],
            Mix.Managers, name => Find(name).IsPowered);
        Consul.OnWrite = Judge.Wrote;
        SeedState();
        foreach (var host in Hosts) StartPrograms(host);
        Timeline.AfterEvent = () => Trace.Mix((ulong)Timeline.Now.Ticks);
        KeepOldAnswers();
    }

    public ulong Seed { get; }

    public FaultMix Mix { get; private set; }

    public Timeline Timeline { get; }

    public Trace Trace { get; }

    public Judge Judge { get; }

    public SimulatedNetwork Network { get; }

    public SimulatedConsul Consul { get; }

    public IReadOnlyList<SimulatedHost> Hosts { get; }

    public IReadOnlyList<SimulatedHost> ManagerHosts { get; }

    /// <summary>The manager that leads and runs, if there is one; with two that think so, the one that Consul names.</summary>
    public SimulatedTerm? Leader =>
        ManagerHosts.Select(host => host.Manager?.Term).FirstOrDefault(term => term is not null && term.Session == Consul.HolderSession);

    /// <summary>The host of that name.</summary>
    public SimulatedHost Find(string name) => Hosts.First(host => host.Name == name);

    /// <summary>A node's name, for the story.</summary>
    public string NameOf(NodeId node) => Hosts.FirstOrDefault(host => host.Node == node)?.Name ?? node.ToString();

    /// <summary>No fault is drawn any more.</summary>
    public void Heal() => Mix = Mix.Healed();

    /// <summary>The lock as a manager reads it: now and then an old answer.</summary>
    public KvEntry? LeadAsSeenBy(string host) => _reads.Chance(Mix.StaleReads) ? _oldLead : Consul.Get(StateKeys.Lead);

    /// <summary>serfHealth as a manager reads it: now and then an old answer.</summary>
    public IReadOnlyDictionary<string, bool>? SerfAsSeenBy(string host) => _reads.Chance(Mix.StaleReads) ? _oldSerf : Consul.Serf;

    /// <summary>Dials a manager. Null: nobody answers, or the connection is refused.</summary>
    public SimulatedStream<V1.AgentMessage, V1.ManagerMessage>? Dial(SimulatedAgent agent, SimulatedHost to, out bool isRefused)
    {
        isRefused = false;
        if (!to.IsPowered || !Network.AreJoined(agent.Host.Name, to.Name)) return null;
        isRefused = to.Manager is null;
        if (to.Manager is not { } manager) return null;
        var stream = new SimulatedStream<V1.AgentMessage, V1.ManagerMessage>(Network, (agent.Host.Name, agent.Process), (to.Name,
            manager.Process));
        manager.Accept(agent.Host.Node, stream);
        Streams.Add((stream, agent, manager));
        return stream;
    }

    /// <summary>Connections that somebody may still hold: a killed program's are closed by its kernel.</summary>
    public List<(SimulatedStream<V1.AgentMessage, V1.ManagerMessage> Stream, SimulatedAgent Agent,
        ManagerUnderTest Manager)> Streams { get; } = [];

    /// <summary>Starts what belongs on the host and does not run.</summary>
    public void StartPrograms(SimulatedHost host)
    {
        if (!host.IsPowered) return;
        if (host.Agent is null) host.Agent = new SimulatedAgent(this, host);
        if (host.Manager is null && ManagerHosts.Contains(host)) host.Manager = new ManagerUnderTest(this, host);
    }

    /// <summary>Kills the agent, as SIGKILL or the end of its machine does.</summary>
    public void KillAgent(SimulatedHost host, bool isPowerCut = false)
    {
        if (host.Agent is not { } agent) return;
        host.TroubleAt = Timeline.Now;
        agent.Process.Kill();
        host.Agent = null;
        foreach (var (stream, _, _) in Streams.Where(one => one.Agent == agent))
            if (isPowerCut) stream.Drop(host.Name);
            else stream.CloseUp();
        Streams.RemoveAll(one => one.Agent == agent);
    }

    /// <summary>Kills the manager, as SIGKILL or the end of its machine does.</summary>
    public void KillManager(SimulatedHost host, bool isPowerCut = false)
    {
        if (host.Manager is not { } manager) return;
        manager.Process.Kill();
        host.Manager = null;
        foreach (var (stream, _, _) in Streams.Where(one => one.Manager == manager))
            if (isPowerCut) stream.Drop(host.Name);
            else stream.CloseDown();
        Streams.RemoveAll(one => one.Manager == manager);
    }

    private SimulatedHost MakeHost(int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"h{number}");
        var engine = new SimulatedEngine(Timeline, Seed, name, () => Mix, what => Trace.Tell(name, what));
        var host = new SimulatedHost
        {
            Name = name, Node = new NodeId((UInt128)number), Ordinal = number, Engine = engine,
            Services = new SimulatedServiceRegistry(Timeline, Seed, name, what => Trace.Tell(name, what)),
            Prober = new SimulatedProber(Timeline, Seed, name, engine),
            Skew = new SeededStream(Seed, $"skew/{name}").Between(-2000, 2000),
        };
        engine.OnProcess = (container, isBegin) => Judge.Process(host, container, isBegin);
        engine.OnAskedToEnd = container => Judge.AskedToEnd(host, container);
        return host;
    }

    private void SeedState()
    {
        Consul.Seed(StateKeys.Meta, StoredFormat.Encode(RecordCodec.ToStored(new ClusterMeta(Id, 1, "simulated", VirtualTime.Epoch))));
        Consul.Seed(StateKeys.Version, StoredFormat.Encode(new V1.StoredVersion
        {
            Version = new StateVersion(1, 0, 0).ToWire(), NextServiceId = 1, NextNodeOrdinal = Hosts.Count + 1, NextRequest = 1,
        }));
        foreach (var host in Hosts)
        {
            var node = new NodeRecord { Id = host.Node, Name = host.Name, Ordinal = host.Ordinal, Address = host.Address,
                JoinedAt = VirtualTime.Epoch };
            Consul.Seed(StateKeys.Node(host.Node), StoredFormat.Encode(RecordCodec.ToStored(node)));
        }
    }

    private void KeepOldAnswers()
    {
        _oldLead = Consul.Get(StateKeys.Lead);
        _oldSerf = new SortedDictionary<string, bool>(Consul.Serf.ToDictionary(), StringComparer.Ordinal);
        Timeline.After(TimeSpan.FromSeconds(2), KeepOldAnswers);
    }
}
