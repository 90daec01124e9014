// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager;
using ClusterManager.Manager.Api;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Persistence;
using ClusterManager.Model;
using ClusterManager.Simulation.Agents;
using ClusterManager.Simulation.Consul;
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Network;
using Microsoft.Extensions.Logging;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Simulation.Managers;

/// <summary>
/// One life of a manager: the real leadership loop, watch, beat, terms, engine loop and agents' sessions over the simulated Consul, network
/// and disk. Only the listening port is missing.
/// </summary>
internal sealed class ManagerUnderTest
{
    // As the manager's host sets it.
    private static readonly TimeSpan ConsulTimeout = TimeSpan.FromMilliseconds(2500);
    private static readonly TimeSpan ContentChanging = TimeSpan.FromSeconds(10);
    private static readonly string[] Told = [nameof(LeadershipLoop), nameof(AgentApiService)];
    private readonly SimulatedCluster _cluster;
    private readonly LeaderWatch _watch;
    private readonly LeadershipLoop _leadership;
    private readonly AgentApiService _agents;

    public ManagerUnderTest(SimulatedCluster cluster, SimulatedHost host)
    {
        _cluster = cluster;
        Host = host;
        Process = new SimulatedProcess(cluster.Timeline, () => host.Skew,
            error => cluster.Judge.Violate($"the manager of {host.Name} failed: {error}"));
        var identity = new ManagerIdentity(SimulatedCluster.Id, host.Node, host.Name, host.ManagerAddress, 1);
        var loggers = new TraceLoggers(cluster.Trace, host.Name, Told, Complain);
        var consul = new ConsulClient(
            new ConsulClientOptions { Time = Process.Time, Timeout = ConsulTimeout },
            new ConsulHandler(cluster.Consul, host.Name, Process));
        _watch = new LeaderWatch(consul, loggers.CreateLogger<LeaderWatch>());
        var beat = new LeaderBeat(consul, identity, Process.Time, loggers.CreateLogger<LeaderBeat>());
        _leadership = new LeadershipLoop(
            consul, _watch, beat, Factory(consul, beat, identity, loggers), identity, loggers.CreateLogger<LeadershipLoop>())
        {
            OnHung = End,
        };
        var map = new ClusterMapSource(() => SimulatedTrust.Bundle, ManagerIdentity.DefaultPort);
        _agents = new AgentApiService(_leadership, _watch, map, new LogBroker(), Process.Time, loggers);
        Process.After(TimeSpan.FromMilliseconds(10 * host.Ordinal), () => Own(RunAsync(), "manager"));
    }

    public SimulatedHost Host { get; }

    public SimulatedProcess Process { get; }

    /// <summary>The term it leads; null: none.</summary>
    public SimulatedTerm? Term => _leadership.Term.Current is { } term ? new SimulatedTerm(this, term) : null;

    /// <summary>An agent has dialled.</summary>
    public void Accept(NodeId node, SimulatedStream<V1.AgentMessage, V1.ManagerMessage> stream)
    {
        var call = new AgentCall(node, stream, message =>
        {
            if (message.BodyCase != V1.ManagerMessage.BodyOneofCase.Heartbeat) _cluster.Judge.Messages++;
        });
        Process.Run(() => Own(call.RunAsync(_agents), "session"));
    }

    /// <summary>Awaited in the process; nothing of it may fail.</summary>
    public async void Own(Task part, string name)
    {
        try
        {
            await part;
        }
        catch (Exception error)
        {
            _cluster.Judge.Violate($"the {name} of the manager of {Host.Name} failed: {error}");
        }
    }

    // Where Consul has lost the cluster, or its content changes between two reads, refusing to lead is right.
    private void Complain(string error)
    {
        if (_cluster.Timeline.Now - _cluster.Judge.ChangedBackAt < ContentChanging) return;
        if (_cluster.Consul.Keys.ContainsKey(StateKeys.Meta))
            _cluster.Judge.Violate($"the manager of {Host.Name} logs an error: {error}");
    }

    private TermFactory Factory(ConsulClient consul, LeaderBeat beat, ManagerIdentity identity, TraceLoggers loggers)
    {
        var files = new AtomicFiles(Host.Disk);
        var secrets = new SecretStore(consul, new SecretBox(SimulatedTrust.Key));
        var bootstrap = new Bootstrap(
            consul, SimulatedHost.Paths, identity, secrets, Process.Time, loggers.CreateLogger<Bootstrap>()) { Files = files };
        return new TermFactory(consul, beat, bootstrap, identity, Process.Time, loggers)
        {
            Witness = _cluster.Turns.WitnessOf(Host.Name),
            Tags = new SimulatedTags(_cluster.Tags, new SeededStream(_cluster.Seed, $"tags/{Host.Name}"), Process.Time),
        };
    }

    private async Task RunAsync()
    {
        using var tasks = new OwnedTasks(CancellationToken.None);
        tasks.TryStart(_watch.RunAsync);
        tasks.TryStart(_leadership.RunAsync);
        await tasks.WhenEndedAsync();
    }

    // A term that does not end ends the process; its supervisor starts it again.
    private void End(string why)
    {
        _cluster.Trace.Tell(Host.Name, $"the manager ends itself: {why}");
        _cluster.KillManager(Host);
        _cluster.Timeline.After(TimeSpan.FromSeconds(1), () => _cluster.StartPrograms(Host));
    }
}
