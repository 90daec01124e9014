// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Health;
using ClusterManager.Agent.Node;
using ClusterManager.Agent.Tests.Docker;
using ClusterManager.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterManager.Agent.Tests.Allocations;

/// <summary>One allocation's life on real engines: what the simulated engine believes is held to the truth.</summary>
public sealed class RealRunnerTests(EnginesFixture engines) : RealEngineTests(engines)
{
    private static readonly AllocationId Id = Make.Id(1);

    [Theory, MemberData(nameof(Engines))]
    public async Task An_allocation_runs_survives_a_crash_and_a_removal_by_hand_and_stops(string engine)
    {
        var client = Client(engine);
        var cluster = new ClusterId((UInt128)Environment.ProcessId);
        using var stop = new CancellationTokenSource();
        using var prober = new NetworkProber(TimeProvider.System);
        var context = Context(client, cluster, prober);
        var supervisor = new AllocationSupervisor(context, AssignmentBook.Empty(Make.Version(1, 1)), []);
        var watch = new EngineWatch(context, supervisor, NullLogger<EngineWatch>.Instance);
        var loops = Task.WhenAll(supervisor.RunAsync(stop.Token), watch.RunAsync(stop.Token));
        try
        {
            await AssignAsync(supervisor, DesiredState.Run, 2);
            var first = await UntilAsync(context, f => f.State == AllocationState.Running);
            Assert.NotEmpty(first.ContainerAddress);
            Assert.NotNull(context.Network.Gateway);

            await client.KillContainerAsync(first.ContainerId, "SIGKILL", Deadline);
            var second = await UntilAsync(context, f => f.State == AllocationState.Running && f.History.Restarts == 1);
            Assert.Equal(first.ContainerId, second.ContainerId);
            Assert.Equal(137, second.ExitCode);

            await client.RemoveContainerAsync(first.ContainerId, force: true, removeAnonymousVolumes: true, Deadline);
            var third = await UntilAsync(context, f => f.State == AllocationState.Running && f.ContainerId != first.ContainerId);
            Assert.Equal(Id, ContainerLabels.OwnerOf((await client.InspectContainerAsync(third.ContainerId, Deadline)).Labels, cluster));

            await AssignAsync(supervisor, DesiredState.Remove, 3);
            await UntilAsync(context, f => f.State == AllocationState.Stopped && f.ContainerId == "");
            Assert.Empty(await client.ListContainersAsync([ContainerLabels.Filter(cluster)], Deadline));
        }
        finally
        {
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loops);
        }
    }

    private static RunnerContext Context(DockerClient client, ClusterId cluster, NetworkProber prober) => new()
    {
        Node = new NodeIdentity(cluster, new NodeId(7), "node-a", "10.0.0.1"),
        Engine = client,
        Clock = new AgentClock(TimeProvider.System),
        Board = new StatusBoard(),
        Ports = new PortBook(20000, 20099, ListeningPorts.Read),
        Pulls = new PullGate(3),
        Network = new ContainerNetwork(client, cluster),
        Prober = prober,
        Logger = NullLogger<AllocationRunner>.Instance,
    };

    private static async Task AssignAsync(AllocationSupervisor supervisor, DesiredState desired, long number)
    {
        var container = new ContainerSpec { Image = RealEngine.Image, Command = ["sleep", "1000"],
            StopGracePeriod = TimeSpan.FromSeconds(1) };
        var assignment = Make.Assignment(Id, desired, Make.Spec() with { Container = container }) with { Image = RealEngine.Image };
        var book = AssignmentBook.Empty(Make.Version(1, 1)).Apply(Make.Complete(Make.Version(1, number), assignment));
        await supervisor.PostAsync(new SupervisorMessage.Assigned(book, IsFromManager: true), CancellationToken.None);
    }

    private static async Task<AllocationFacts> UntilAsync(RunnerContext context, Func<AllocationFacts, bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var changes = context.Board.Subscribe();
        while (true)
        {
            var views = await changes.NextAsync(limit.Token);
            if (views.TryGetValue(Id, out var view) && condition(view.Facts)) return view.Facts;
        }
    }
}
