// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Discovery;
using ClusterManager.Agent.Node;
using ClusterManager.Agent.Session;
using ClusterManager.Model;
using ClusterManager.Simulation.Core;
using Microsoft.Extensions.Logging.Abstractions;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Simulation.Agents;

/// <summary>
/// One life of the agent: its real supervisor, runners, container steps, engine watch and discovery loop over the simulated host; disk and
/// session are modelled (<see cref="AgentDialler"/>).
/// </summary>
internal sealed class SimulatedAgent
{
    private static readonly TimeSpan KeepingSpacing = TimeSpan.FromMilliseconds(500);
    private readonly SimulatedCluster _cluster;
    private ImmutableSortedDictionary<AllocationId, AllocationView>? _kept;

    public SimulatedAgent(SimulatedCluster cluster, SimulatedHost host)
    {
        _cluster = cluster;
        Host = host;
        Process = new SimulatedProcess(cluster.Timeline, () => host.Skew,
            error => cluster.Judge.Violate($"the agent of {host.Name} failed: {error}"));
        Book = Load();
        Process.Run(Begin);
    }

    public SimulatedHost Host { get; }

    public SimulatedProcess Process { get; }

    /// <summary>The assignment, in memory and on disk.</summary>
    public AssignmentBook Book { get; private set; }

    public RunnerContext Runners { get; private set; } = null!;

    public AllocationSupervisor Supervisor { get; private set; } = null!;

    /// <summary>What the status reporter reads.</summary>
    public SessionContext Context { get; private set; } = null!;

    /// <summary>Keeps a session.</summary>
    public AgentDialler Dialler { get; private set; } = null!;

    /// <summary>Judges an update and, if it is good, stores it and makes it the book.</summary>
    public GateVerdict Apply(AssignmentUpdate update)
    {
        var verdict = VersionGate.Judge(SimulatedCluster.Id, Book, ConfirmedIncarnation, update);
        if (verdict != GateVerdict.Accept) return verdict;
        Book = Book.Apply(update);
        Host.StoredBook = Google.Protobuf.MessageExtensions.ToByteArray(Book.ToWire(SimulatedCluster.Id));
        return verdict;
    }

    /// <summary>The highest life of the state that is believed.</summary>
    public long ConfirmedIncarnation => Math.Max(Book.Version.Incarnation, 1);

    private AssignmentBook Load()
    {
        var unknown = AssignmentBook.Unknown(new StateVersion(1, 0, 0));
        return Host.StoredBook is { } bytes
            ? AssignmentBook.Unknown(default).Apply(V1.Assignments.Parser.ParseFrom(bytes).ToModel()!) : unknown;
    }

    private void Begin()
    {
        var identity = new NodeIdentity(SimulatedCluster.Id, Host.Node, Host.Name, Host.Address);
        Runners = new RunnerContext
        {
            Node = identity, Engine = Host.Engine, Clock = new AgentClock(Process.Time), Board = new StatusBoard(),
            Ports = new PortBook(20000, 20099, Listening), Pulls = new PullGate(3), Network = new ContainerNetwork(Host.Engine,
                SimulatedCluster.Id),
            Prober = Host.Prober, Logger = NullLogger<AllocationRunner>.Instance,
        };
        Supervisor = new AllocationSupervisor(Runners, Book, Host.StoredFacts.Select(stored => stored.ToFacts()).OfType<AllocationFacts>());
        var watch = new EngineWatch(Runners, Supervisor, NullLogger<EngineWatch>.Instance);
        var discovery = new DiscoveryLoop(Runners, Host.Services, Supervisor, NullLogger<DiscoveryLoop>.Instance);
        Context = new SessionContext
        {
            Runners = Runners, Supervisor = Supervisor, Engine = watch, Discovery = discovery, Loggers = NullLoggerFactory.Instance,
            Store = null!, Directory = null!, // the disk's; the model keeps the book itself
        };
        Own(Supervisor.RunAsync(CancellationToken.None), "supervisor");
        Own(watch.RunAsync(CancellationToken.None), "engine watch");
        Own(discovery.RunAsync(CancellationToken.None), "discovery loop");
        Process.After(KeepingSpacing, Keep);
        Dialler = new AgentDialler(_cluster, this);
        Dialler.Dial();
    }

    private HashSet<int> Listening() =>
        [.. Host.Engine.Containers.Where(container => container.IsRunning)
            .SelectMany(container => container.Request.Ports).Select(port => port.HostPort)];

    /// <summary>Awaited in the process; nothing of it may end while the process lives.</summary>
    public async void Own(Task part, string name)
    {
        try
        {
            await part;
        }
        catch (Exception error)
        {
            _cluster.Judge.Violate($"the {name} of {Host.Name} failed: {error}");
        }
    }

    private void Keep()
    {
        if (!ReferenceEquals(_kept, Runners.Board.Current))
        {
            _kept = Runners.Board.Current;
            Host.StoredFacts = [.. _kept.Values.Select(view => StoredAllocation.Of(view.Facts))];
        }

        Process.After(KeepingSpacing, Keep);
    }
}
