// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Discovery;
using ClusterManager.Agent.Node;
using ClusterManager.Agent.Session;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Files;
using ClusterManager.Model;
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Managers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterManager.Simulation.Agents;

/// <summary>
/// One life of the agent: its real supervisor, runners, container steps, engine watch, discovery loop, sessions and files over the
/// simulated host.
/// </summary>
internal sealed class SimulatedAgent
{
    /// <summary>The first of the node's ports for unpublished numbers.</summary>
    public const int FirstPort = 20000;

    private static readonly string[] Told = [nameof(AgentSession), nameof(SessionLoop), nameof(AssignmentStore)];
    private static readonly StateVersion Floor = new(1, 0, 0);
    private readonly SimulatedCluster _cluster;
    private readonly AtomicFiles _files;
    private readonly SimulatedTransport _transport;
    private AssignmentStore? _store;

    public SimulatedAgent(SimulatedCluster cluster, SimulatedHost host)
    {
        _cluster = cluster;
        Host = host;
        _files = new AtomicFiles(host.Disk);
        _transport = new SimulatedTransport(cluster, this);
        Process = new SimulatedProcess(cluster.Timeline, () => host.Skew,
            error => cluster.Judge.Violate($"the agent of {host.Name} failed: {error}"));
        Process.Run(() => Own(RunAsync()));
    }

    public SimulatedHost Host { get; }

    public SimulatedProcess Process { get; }

    /// <summary>The assignment.</summary>
    public AssignmentBook Book => _store?.Book ?? AssignmentBook.Unknown(Floor);

    public RunnerContext? Runners { get; private set; }

    /// <summary>What runs the containers; null: the agent has not read its files yet.</summary>
    public AllocationSupervisor? Supervisor { get; private set; }

    /// <summary>A manager has said welcome and the session lasts.</summary>
    public bool HasSession => _transport.IsEstablished;

    /// <summary>Judges an update as if a manager had sent it and, if it is good, obeys it; in the agent's process.</summary>
    public async Task<GateVerdict> ApplyAsync(AssignmentUpdate update) =>
        _store is { } store ? await store.ApplyAsync(update, CancellationToken.None) : GateVerdict.Stale;

    private async Task RunAsync()
    {
        // Its disk may be damaged or full: errors are part of the story.
        using var loggers = new TraceLoggers(_cluster.Trace, Host.Name, Told, static _ => { });
        var clock = new AgentClock(Process.Time);
        var runners = RunnersOf(clock);
        Runners = runners;
        var keeper = new FactsKeeper(SimulatedHost.Paths, runners.Board, clock, NullLogger<FactsKeeper>.Instance, _files);
        _store = new AssignmentStore(
            SimulatedHost.Paths, SimulatedCluster.Id, Floor, loggers.CreateLogger<AssignmentStore>()) { Files = _files };
        await _store.LoadAsync(CancellationToken.None);
        var supervisor = new AllocationSupervisor(runners, _store.Book, await keeper.LoadAsync(CancellationToken.None));
        Supervisor = supervisor;
        var watch = new EngineWatch(runners, supervisor, NullLogger<EngineWatch>.Instance);
        var discovery = new DiscoveryLoop(runners, Host.Services, supervisor, NullLogger<DiscoveryLoop>.Instance);
        using var nodeFile = new NodeFileKeeper(SimulatedHost.Paths, _files);
        var sessions = new SessionLoop(
            new SessionContext
            {
                Runners = runners, Supervisor = supervisor, Engine = watch, Discovery = discovery, Loggers = loggers, Store = _store,
                Directory = await DirectoryAsync(nodeFile), Describe = Describe,
            },
            _transport);
        using var tasks = new OwnedTasks(CancellationToken.None);
        tasks.TryStart(supervisor.RunAsync);
        tasks.TryStart(keeper.RunAsync);
        tasks.TryStart(watch.RunAsync);
        tasks.TryStart(discovery.RunAsync);
        tasks.TryStart(sessions.RunAsync);
        await tasks.WhenEndedAsync();
    }

    private RunnerContext RunnersOf(AgentClock clock) => new()
    {
        Node = new NodeIdentity(SimulatedCluster.Id, Host.Node, Host.Name, Host.Address), Engine = Host.Engine, Clock = clock,
        Board = new StatusBoard(), Ports = new PortBook(FirstPort, FirstPort + 99, Listening), Pulls = new PullGate(3),
        Network = new ContainerNetwork(Host.Engine, SimulatedCluster.Id), Prober = Host.Prober,
        Logger = NullLogger<AllocationRunner>.Instance,
    };

    private async Task<ManagerDirectory> DirectoryAsync(NodeFileKeeper nodeFile)
    {
        var trust = new TrustKeeper(SimulatedHost.Paths, SimulatedTrust.Bundle) { Files = _files };
        var directory = new ManagerDirectory(
            SimulatedHost.Paths, nodeFile, trust, [.. _cluster.ManagerHosts.Select(host => host.ManagerAddress)],
            NullLogger<ManagerDirectory>.Instance)
        {
            Files = _files,
        };
        await directory.LoadAsync(CancellationToken.None);
        return directory;
    }

    // Before the engine has answered once, the agent describes the machine that it runs on: here, the simulated one.
    private NodeDescription Describe(NodeIdentity node, EngineStatus engine) =>
        NodeDescription.Of(node, engine) with { Hostname = Host.Name, CpuNano = 4_000_000_000, MemoryBytes = 8L << 30, Arch = "amd64" };

    private HashSet<int> Listening() =>
        [.. Host.Engine.Containers.Where(container => container.IsRunning)
            .SelectMany(container => container.Request.Ports).Select(port => port.HostPort)];

    // Nothing of it may end while the process lives.
    private async void Own(Task all)
    {
        try
        {
            await all;
            _cluster.Judge.Violate($"the agent of {Host.Name} ended");
        }
        catch (Exception error)
        {
            _cluster.Judge.Violate($"the agent of {Host.Name} failed: {error}");
        }
    }
}
