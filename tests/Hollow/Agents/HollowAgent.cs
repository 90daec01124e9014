// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Discovery;
using ClusterManager.Agent.Node;
using ClusterManager.Agent.Session;
using ClusterManager.Hollow.Engine;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Security;
using ClusterManager.Model;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Hollow.Agents;

/// <summary>
/// The agent's real parts (supervisor, runners, session, disk) over an engine without containers and a registry without Consul.
/// </summary>
/// <param name="configuration">Who the node is, as the join left it on disk.</param>
/// <param name="engine">Its engine.</param>
/// <param name="loggers">For all parts.</param>
/// <param name="time">The clock.</param>
internal sealed class HollowAgent(AgentConfiguration configuration, HollowEngine engine, ILoggerFactory loggers, TimeProvider time)
{
    private static readonly HashSet<int> NoPorts = [];
    private HollowTransport? _transport;

    /// <summary>Its engine.</summary>
    public HollowEngine Engine => engine;

    /// <summary>It has a session with the leader.</summary>
    public bool IsEstablished => _transport?.IsEstablished == true;

    /// <summary>Cuts its connection; it comes back by itself.</summary>
    public void Cut() => _transport?.Cut();

    /// <summary>Runs the agent until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var runners = Runners(new AgentClock(time));
        var keeper = new FactsKeeper(configuration.Paths, runners.Board, runners.Clock, loggers.CreateLogger<FactsKeeper>());
        var file = configuration.File;
        var store = new AssignmentStore(
            configuration.Paths, configuration.Node.Cluster, new StateVersion(file.Incarnation, file.Term, file.Version),
            loggers.CreateLogger<AssignmentStore>());
        await store.LoadAsync(cancellationToken);
        var supervisor = new AllocationSupervisor(runners, store.Book, await keeper.LoadAsync(cancellationToken));
        var trust = new TrustKeeper(configuration.Paths, configuration.Trust);
        var directory = new ManagerDirectory(
            configuration.Paths, new NodeFileKeeper(configuration.Paths), trust, file.ManagerAddresses,
            loggers.CreateLogger<ManagerDirectory>());
        await directory.LoadAsync(cancellationToken);
        var validator = new PeerValidator(configuration.Node.Cluster.ToString(), () => trust.Current, time);
        var channels = new ManagerChannels(new CertificateHolder(configuration.Certificate), validator, time);
        _transport = new HollowTransport(new GrpcSessionTransport(channels));
        var watch = new EngineWatch(runners, supervisor, loggers.CreateLogger<EngineWatch>());
        var discovery = new DiscoveryLoop(runners, new HollowRegistry(), supervisor, loggers.CreateLogger<DiscoveryLoop>());
        var context = new SessionContext
        {
            Runners = runners, Store = store, Supervisor = supervisor, Engine = watch, Discovery = discovery, Directory = directory,
            Loggers = loggers,
        };

        using var tasks = new OwnedTasks(cancellationToken);
        tasks.TryStart(supervisor.RunAsync);
        tasks.TryStart(keeper.RunAsync);
        tasks.TryStart(watch.RunAsync);
        tasks.TryStart(discovery.RunAsync);
        tasks.TryStart(new SessionLoop(context, _transport).RunAsync);
        await tasks.WhenEndedAsync();
    }

    private RunnerContext Runners(AgentClock clock) => new()
    {
        Node = configuration.Node, Engine = engine, Clock = clock, Board = new StatusBoard(),
        Ports = new PortBook(configuration.File.PortRangeFirst, configuration.File.PortRangeLast, static () => NoPorts),
        Pulls = new PullGate(3), Network = new ContainerNetwork(engine, configuration.Node.Cluster), Prober = new HollowProber(),
        Logger = loggers.CreateLogger<AllocationRunner>(),
    };
}
