// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
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
        Turns = new Turns(Timeline, Judge);
        Tags = new MovingTags(Timeline, seed, what => Trace.Tell("registry", what));
        Network = new SimulatedNetwork(Timeline, seed, () => Mix) { Faults = Faults };
        Hosts = [.. Enumerable.Range(1, Mix.Hosts).Select(MakeHost)];
        ManagerHosts = [.. Hosts.Take(Mix.Managers)];
        foreach (var late in Hosts.Skip(Math.Max(Mix.Managers, Mix.Hosts - Mix.LateHosts))) late.IsMember = false;
        Consul = new SimulatedConsul(
            Timeline, Network, seed, () => Mix, what => Trace.Tell("consul", what), [.. Hosts.Select(host => host.Name)],
            Mix.Managers, name => Find(name).IsPowered) { Faults = Faults };
        Consul.OnWrite = Turns.Wrote;
        SeedState();
        foreach (var host in Hosts) StartPrograms(host);
        Timeline.AfterEvent = AfterEvent;
    }

    public ulong Seed { get; }

    public FaultMix Mix { get; private set; }

    /// <summary>What went wrong so far.</summary>
    public FaultCounts Faults { get; } = new();

    public Timeline Timeline { get; }

    public Trace Trace { get; }

    public Judge Judge { get; }

    /// <summary>What the managers compute and Consul takes.</summary>
    public Turns Turns { get; }

    /// <summary>The registry's tag that moves.</summary>
    public MovingTags Tags { get; }

    public SimulatedNetwork Network { get; }

    public SimulatedConsul Consul { get; }

    public IReadOnlyList<SimulatedHost> Hosts { get; }

    public IReadOnlyList<SimulatedHost> ManagerHosts { get; }

    /// <summary>The manager that leads and runs, if there is one; with two that think so, the one that Consul names.</summary>
    public SimulatedTerm? Leader =>
        ManagerHosts.Where(host => host.Name == Consul.Holder).Select(host => host.Manager?.Term)
            .FirstOrDefault(term => term?.Number == Consul.HolderTerm);

    /// <summary>The host of that name.</summary>
    public SimulatedHost Find(string name) => Hosts.First(host => host.Name == name);

    /// <summary>A node's name, for the story.</summary>
    public string NameOf(NodeId node) => Hosts.FirstOrDefault(host => host.Node == node)?.Name ?? node.ToString();

    /// <summary>No fault is drawn any more.</summary>
    public void Heal() => Mix = Mix.Healed();

    /// <summary>Another share of the packets is lost.</summary>
    public void SetLoss(double loss) => Mix = Mix with { Loss = loss };

    /// <summary>Dials a manager. Null: nobody answers, or the connection is refused.</summary>
    public SimulatedStream<V1.AgentMessage, V1.ManagerMessage>? Dial(SimulatedAgent agent, SimulatedHost to, out bool isRefused)
    {
        isRefused = false;
        if (!to.IsPowered || !Network.AreJoined(agent.Host.Name, to.Name)) return null;
        isRefused = to.Manager is null;
        if (to.Manager is not { } manager) return null;
        var stream = new SimulatedStream<V1.AgentMessage, V1.ManagerMessage>(Network, (agent.Host.Name, agent.Process), (to.Name,
            manager.Process));
        stream.OnSendDown = message => Judge.Sent(to, message);
        manager.Accept(agent.Host.Node, stream);
        Streams.Add((stream, agent, manager));
        return stream;
    }

    /// <summary>Connections that somebody may still hold: a killed program's are closed by its kernel.</summary>
    public List<(SimulatedStream<V1.AgentMessage, V1.ManagerMessage> Stream, SimulatedAgent Agent,
        ManagerUnderTest Manager)> Streams { get; } = [];

    /// <summary>The machine ends.</summary>
    public void PowerOff(SimulatedHost host)
    {
        if (!host.IsPowered) return;
        Trace.Tell(host.Name, "power off");
        host.TroubleAt = Timeline.Now;
        KillAgent(host, isPowerCut: true);
        KillManager(host, isPowerCut: true);
        host.IsPowered = false;
        host.Engine.IsHung = false;
        host.Engine.Down(isPowerCut: true);
        host.Services.AfterPowerCut();
    }

    /// <summary>The machine begins.</summary>
    public void PowerOn(SimulatedHost host)
    {
        if (host.IsPowered) return;
        Trace.Tell(host.Name, "power on");
        host.TroubleAt = Timeline.Now;
        host.IsPowered = true;
        host.Engine.Up();
        StartPrograms(host);
    }

    /// <summary>Starts what belongs on the host and does not run.</summary>
    public void StartPrograms(SimulatedHost host)
    {
        if (!host.IsPowered) return;
        if (host.Agent is null && host.IsMember) host.Agent = new SimulatedAgent(this, host);
        if (host.Manager is null && ManagerHosts.Contains(host)) host.Manager = new ManagerUnderTest(this, host);
    }

    /// <summary>Kills the agent, as SIGKILL or the end of its machine does.</summary>
    public void KillAgent(SimulatedHost host, bool isPowerCut = false)
    {
        if (isPowerCut) host.Disk.CutPower();
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
        if (isPowerCut) Consul.AfterPowerCut(host.Name);
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
        var engine = new SimulatedEngine(Timeline, Seed, name, () => Mix, what => Trace.Tell(name, what))
        {
            Faults = Faults, TargetOf = Tags.TargetOf,
        };
        var host = new SimulatedHost
        {
            Name = name, Node = new NodeId((UInt128)number), Ordinal = number, Engine = engine,
            Services = new SimulatedServiceRegistry(Timeline, Seed, name, what => Trace.Tell(name, what)),
            Disk = new SimulatedDisk(Timeline, new SeededStream(Seed, $"disk/{name}")),
            Prober = new SimulatedProber(Timeline, Seed, name, engine),
            Skew = new SeededStream(Seed, $"skew/{name}").Between(-2000, 2000),
        };
        engine.WallSkew = () => host.Skew;
        engine.OnProcess = (container, isBegin) => Judge.Process(host, container, isBegin);
        engine.OnAskedToEnd = (container, grace) => Judge.AskedToEnd(host, container, grace);
        return host;
    }

    private void SeedState()
    {
        Consul.Seed(StateKeys.Meta, StoredFormat.Encode(RecordCodec.ToStored(new ClusterMeta(Id, 1, "simulated", VirtualTime.Epoch))));
        Consul.Seed(StateKeys.Version, StoredFormat.Encode(new V1.StoredVersion
        {
            Version = new StateVersion(1, 0, 0).ToWire(), NextServiceId = 1, NextNodeOrdinal = Hosts.Count + 1, NextRequest = 1,
        }));
        foreach (var host in Hosts.Where(host => host.IsMember))
        {
            var node = new NodeRecord { Id = host.Node, Name = host.Name, Ordinal = host.Ordinal, Address = host.Address,
                JoinedAt = VirtualTime.Epoch };
            Consul.Seed(StateKeys.Node(host.Node), StoredFormat.Encode(RecordCodec.ToStored(node)));
        }
    }

    private void AfterEvent()
    {
        Trace.Mix((ulong)Timeline.Now.Ticks);
        Judge.Look();
    }
}
