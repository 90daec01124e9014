// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Discovery;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Health;
using ClusterManager.Agent.Images;
using ClusterManager.Agent.Inspection;
using ClusterManager.Agent.Inspection.Drift;
using ClusterManager.Agent.Node;
using ClusterManager.Agent.Session;
using ClusterManager.Agent.Telemetry;
using ClusterManager.Consul;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Processes;
using ClusterManager.Hosting.Security;
using ClusterManager.Model;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent;

/// <summary>
/// The agent's parts, wired. Ends by its token, which leaves containers and registrations as they are, or with the first part that fails.
/// </summary>
/// <param name="configuration">Who this node is.</param>
/// <param name="loggers">For all parts.</param>
/// <param name="time">The clock.</param>
internal sealed class AgentProcess(AgentConfiguration configuration, ILoggerFactory loggers, TimeProvider time)
{
    private const int PullsAtOnce = 3;
    private const string ConsulServerCertificateFile = "server.pem";

    /// <summary>Runs the agent.</summary>
    /// <param name="notifier">Is told once everything has begun, and from then on that the supervisor's loop turns.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(SystemdNotifier notifier, CancellationToken cancellationToken)
    {
        var clock = new AgentClock(time);
        using var engine = new DockerClient(new DockerClientOptions { SocketPath = configuration.File.DockerSocket }, time);
        using var prober = new NetworkProber(time);
        using var consul = new ConsulClient(ConsulOptions());
        var runners = Runners(clock, engine, prober);
        var keeper = new FactsKeeper(configuration.Paths, runners.Board, clock, loggers.CreateLogger<FactsKeeper>());
        var store = Store();
        await store.LoadAsync(cancellationToken);
        var supervisor = new AllocationSupervisor(runners, store.Book, await keeper.LoadAsync(cancellationToken));
        var trust = new TrustKeeper(configuration.Paths, configuration.Trust);
        using var nodeFile = new NodeFileKeeper(configuration.Paths);
        var directory = new ManagerDirectory(
            configuration.Paths, nodeFile, trust, configuration.File.ManagerAddresses, loggers.CreateLogger<ManagerDirectory>());
        await directory.LoadAsync(cancellationToken);
        var holder = new CertificateHolder(configuration.Certificate);
        var validator = new PeerValidator(configuration.Node.Cluster.ToString(), () => trust.Current, time);
        var channels = new ManagerChannels(holder, validator, time);
        var watch = new EngineWatch(runners, supervisor, loggers.CreateLogger<EngineWatch>());
        var discovery = new DiscoveryLoop(
            runners, new ConsulServiceRegistry(consul), supervisor, loggers.CreateLogger<DiscoveryLoop>());
        var disk = new LatestValue<DiskReport?>(null);
        using var telemetry = new AgentTelemetry(runners, watch, discovery, holder, configuration.Paths, disk);
        var context = new SessionContext
        {
            Runners = runners,
            Store = store,
            Supervisor = supervisor,
            Engine = watch,
            Discovery = discovery,
            Directory = directory,
            Telemetry = telemetry,
            Disk = disk,
            Drift = new DriftInspector(runners, engine, () => store.Book),
            Inspector = new Inspector(configuration, runners, watch, holder, new ConsulInspector(consul)),
            Loggers = loggers,
        };
        var images = Images(runners, watch, context);
        var sessions = new SessionLoop(context, new GrpcSessionTransport(channels));
        var rejoin = new ConsulRejoin(
            consul, configuration.Node.Name, context.Manager, clock, loggers.CreateLogger<ConsulRejoin>());
        var certificates = Certificates(clock, directory, trust, holder, channels, consul);
        var names = new NameForwarding(
            configuration.File.Consul.DnsPort, () => runners.Network.Gateway, clock, loggers.CreateLogger<NameForwarding>());

        using var tasks = new OwnedTasks(cancellationToken);
        tasks.TryStart(supervisor.RunAsync);
        tasks.TryStart(keeper.RunAsync);
        tasks.TryStart(watch.RunAsync);
        tasks.TryStart(discovery.RunAsync);
        tasks.TryStart(sessions.RunAsync);
        tasks.TryStart(images.RunAsync);
        tasks.TryStart(certificates.RunAsync);
        var promotion = new ConsulPromotion(
            configuration.Paths, nodeFile, directory, certificates, time, loggers.CreateLogger<ConsulPromotion>());
        tasks.TryStart(promotion.RunAsync);
        if (!configuration.File.Consul.IsExternal)
        {
            tasks.TryStart(names.RunAsync);
            tasks.TryStart(rejoin.RunAsync);
        }

        notifier.Ready();
        tasks.TryStart(new ColdMemory(time).RunAsync);
        tasks.TryStart(new Watchdog(notifier, supervisor.ProveAsync, time).RunAsync);
        await tasks.WhenEndedAsync();
    }

    private RunnerContext Runners(AgentClock clock, DockerClient engine, NetworkProber prober) => new()
    {
        Node = configuration.Node,
        Engine = engine,
        Clock = clock,
        Board = new StatusBoard(),
        Ports = new PortBook(configuration.File.PortRangeFirst, configuration.File.PortRangeLast, ListeningPorts.Read),
        Pulls = new PullGate(PullsAtOnce),
        Network = new ContainerNetwork(engine, configuration.Node.Cluster),
        Prober = prober,
        OpenConnections = OpenConnections.Count,
        Logger = loggers.CreateLogger<AllocationRunner>(),
    };

    private ImageKeeper Images(RunnerContext runners, EngineWatch watch, SessionContext context)
    {
        var settings = new ImageSettingsFile(Path.Combine(configuration.Paths.AgentDirectory, "images.json"));
        var parts = new ImageKeeperParts
        {
            File = new ImageLedgerFile(configuration.Paths),
            ReadSettings = settings.Read,
            Measure = () => watch.Status.Current.Info?.DataRoot is { Length: > 0 } root ? DiskSpace.At(root) : null,
            Book = () => context.Store.Book,
            Keeps = context.Keeps,
            Disk = context.Disk,
        };
        return new ImageKeeper(runners, parts, loggers.CreateLogger<ImageKeeper>());
    }

    private AssignmentStore Store()
    {
        var floor = new StateVersion(configuration.File.Incarnation, configuration.File.Term, configuration.File.Version);
        return new AssignmentStore(configuration.Paths, configuration.Node.Cluster, floor, loggers.CreateLogger<AssignmentStore>());
    }

    private ConsulClientOptions ConsulOptions()
    {
        var token = new TokenFile(configuration.File.Consul.TokenFile);
        return new ConsulClientOptions { Address = new Uri(configuration.File.Consul.HttpAddress), Token = token.Read, Time = time };
    }

    private CertificateKeeper Certificates(
        AgentClock clock,
        ManagerDirectory directory,
        TrustKeeper trust,
        CertificateHolder holder,
        ManagerChannels channels,
        ConsulClient consul)
    {
        var uses = new CertificateUses
        {
            Clock = clock,
            Directory = directory,
            Trust = trust,
            ConsulServerCertificate = Path.Combine(configuration.Paths.ConsulDirectory, ConsulServerCertificateFile),
            ReloadConsulAsync = token => ReloadAsync(consul, token),
        };
        return new CertificateKeeper(
            configuration.Paths, configuration.Node, holder, channels, uses, loggers.CreateLogger<CertificateKeeper>());
    }

    private static async Task ReloadAsync(ConsulClient consul, CancellationToken cancellationToken)
    {
        try
        {
            await consul.Agent.ReloadAsync(cancellationToken);
        }
        catch (ConsulException error)
        {
            throw new RegistryUnavailableException(error.Message, error);
        }
    }
}
