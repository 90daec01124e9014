// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Discovery;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Node;
using ClusterManager.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterManager.Agent.Tests.Simulated;

/// <summary>A node without a manager: supervisor, runners, engine watch and discovery over simulated engine, Consul and time.</summary>
internal sealed class SimulatedNode : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private long _number = 1;

    public SimulatedNode(AssignmentBook? book = null, IEnumerable<AllocationFacts>? remembered = null, SimulatedNode? before = null)
    {
        Scheduler = before?.Scheduler ?? new VirtualScheduler();
        Engine = before?.Engine ?? new SimulatedEngine(Scheduler.Time);
        Registry = before?.Registry ?? new SimulatedRegistry(Engine.Journal);
        Book = book ?? AssignmentBook.Empty(Make.Version(1, 1));
        Engine.Images.Add(Make.Assignment(Make.Id(1)).Image);
        Context = new RunnerContext
        {
            Node = new NodeIdentity(Make.Cluster, new NodeId(7), "node-a", "10.0.0.1"),
            Engine = Engine,
            Clock = new AgentClock(Scheduler.Time),
            Board = new StatusBoard(),
            Ports = new PortBook(20000, 20099, () => Listening),
            Pulls = new PullGate(3),
            Network = new ContainerNetwork(Engine, Make.Cluster),
            Prober = Prober,
            OpenConnections = (_, _) => Connections,
            Logger = NullLogger<AllocationRunner>.Instance,
        };
        Supervisor = new AllocationSupervisor(Context, Book, remembered ?? []);
        Watch = new EngineWatch(Context, Supervisor, NullLogger<EngineWatch>.Instance);
        Discovery = new DiscoveryLoop(Context, Registry, Supervisor, NullLogger<DiscoveryLoop>.Instance);
    }

    public VirtualScheduler Scheduler { get; }

    public SimulatedEngine Engine { get; }

    public SimulatedRegistry Registry { get; }

    public SimulatedProber Prober { get; } = new();

    public HashSet<int> Listening { get; } = [];

    /// <summary>Callers' open connections to any container.</summary>
    public int Connections { get; set; }

    public RunnerContext Context { get; }

    public AllocationSupervisor Supervisor { get; }

    public EngineWatch Watch { get; }

    public DiscoveryLoop Discovery { get; }

    public AssignmentBook Book { get; private set; }

    public List<string> Journal => Engine.Journal;

    public CancellationToken Stopping => _stop.Token;

    public SimulatedNode Start()
    {
        Run(Supervisor.RunAsync);
        Run(Watch.RunAsync);
        Run(Discovery.RunAsync);
        Scheduler.Settle();
        return this;
    }

    /// <summary>Starts one more loop that ends with the node.</summary>
    public void Run(Func<CancellationToken, Task> loop) => Scheduler.Start(async () =>
    {
        try
        {
            await loop(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The node ends.
        }
    });

    /// <summary>A manager's complete assignment.</summary>
    public void Assign(params Assignment[] items)
    {
        Book = Book.Apply(Make.Complete(Make.Version(1, ++_number), items));
        Tell(new SupervisorMessage.Assigned(Book, IsFromManager: true));
    }

    public void Tell(SupervisorMessage message)
    {
        Scheduler.Start(() => Supervisor.PostAsync(message, CancellationToken.None));
        Scheduler.Settle();
    }

    public AllocationFacts Facts(AllocationId id) => Context.Board.Current[id].Facts;

    public bool Has(AllocationId id, AllocationState state) =>
        Context.Board.Current.TryGetValue(id, out var view) && view.Facts.State == state;

    public void UntilState(AllocationId id, AllocationState state, double withinSeconds = 60) =>
        Scheduler.Until(() => Has(id, state), TimeSpan.FromSeconds(withinSeconds), $"{id} {state}; is {Describe(id)}");

    public SimulatedContainer Container(AllocationId id) =>
        Engine.Containers.Single(c => c.Request.Labels[ContainerLabels.Allocation] == id.ToString());

    /// <summary>The agent ends as by SIGTERM.</summary>
    public void Stop()
    {
        _stop.Cancel();
        Scheduler.Settle();
    }

    public void Dispose()
    {
        Stop();
        _stop.Dispose();
    }

    /// <summary>A container as an earlier agent of this cluster (or of another) would have made it.</summary>
    public SimulatedContainer Leave(AllocationId id, bool isRunning, ClusterId? cluster = null)
    {
        var assignment = Make.Assignment(id);
        var request = new ContainerRequest
        {
            Name = cluster is null ? ContainerName.Of(assignment) : $"foreign-{id}",
            Image = assignment.Image,
            Labels = ContainerLabels.For(cluster ?? Make.Cluster, assignment, 1),
        };
        return Engine.Add(request, isRunning);
    }

    private string Describe(AllocationId id) =>
        Context.Board.Current.TryGetValue(id, out var view) ? $"{view.Facts.State} ({view.Facts.Reason})" : "unknown";
}
