// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>What goes wrong on real engines, and how it is told apart.</summary>
public sealed class RealFailureTests(EnginesFixture engines) : RealEngineTests(engines)
{
    [Theory, MemberData(nameof(Engines))]
    public async Task A_port_of_another_container_is_taken(string engine)
    {
        var ports = new[] { new PortBinding(new ContainerPort(80), 8090) };
        var holder = await StartAsync(Client(engine), Script("sleep 60") with { Ports = ports });
        var second = await Client(engine).CreateContainerAsync(Script("sleep 60") with { Ports = ports }, Deadline);

        var exception = await FailsAsync(DockerErrorKind.PortTaken, () => Client(engine).StartContainerAsync(second.Id, Deadline));

        Assert.Contains("8090", exception.Message, StringComparison.Ordinal);
        await Client(engine).RemoveContainerAsync(holder, force: true, removeAnonymousVolumes: true, Deadline);
        await Client(engine).StartContainerAsync(second.Id, Deadline);
        await Client(engine).RemoveContainerAsync(second.Id, force: true, removeAnonymousVolumes: true, Deadline);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_port_of_another_process_is_taken(string engine)
    {
        using var holder = NamespaceSocket.Listen(Engine(engine).NamespacePath, 8091);

        await FailsAsync(DockerErrorKind.PortTaken, () => StartAsync(
            Client(engine), Script("true") with { Ports = [new PortBinding(new ContainerPort(80), 8091, "127.0.0.1")] }));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task An_image_that_is_not_there_is_told_at_create(string engine)
    {
        await FailsAsync(
            DockerErrorKind.ImageNotFound, () => Client(engine).CreateContainerAsync(Script("true") with { Image = "nosuch:9" }, Deadline));
        await FailsAsync(DockerErrorKind.ImageNotFound, () => Client(engine).InspectImageAsync("nosuch:9", Deadline));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_name_can_be_had_once(string engine)
    {
        var request = Script("true");
        await Client(engine).CreateContainerAsync(request, Deadline);

        var exception = await FailsAsync(DockerErrorKind.NameTaken, () => Client(engine).CreateContainerAsync(request, Deadline));

        Assert.Contains(request.Name, exception.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_can_not_run_as_described_is_invalid_configuration(string engine)
    {
        // Without a network, which takes its time to set up, where it does not matter.
        var offline = Script("true") with { Network = "none" };
        ContainerRequest[] requests =
        [
            offline with { Command = ["nosuchprogram"] },
            offline with { Command = ["/etc/passwd"] },
            offline with { Command = ["/no/such/file"] },
            offline with { User = "nosuchuser" },
            offline with { Mounts = [new ContainerMount.Bind("/no/such/source", "/x")] },
            offline with { Mounts = [new ContainerMount.Volume("v", "not-absolute")] },
            offline with { Sysctls = new Dictionary<string, string> { ["kernel.nosuch"] = "1" } },
            offline with { CapabilitiesAdded = ["NOSUCH"] },
            offline with { MemoryBytes = 4096 },
            offline with { NanoCpus = 1_000_000_000_000 },
            offline with { LogDriver = "json-file", LogOptions = new Dictionary<string, string> { ["nosuch"] = "1" } },
            offline with { ExtraHosts = ["noaddress"] },
            Script("true") with { Ports = [new PortBinding(new ContainerPort(80), 8092, "192.0.2.77")] },
            offline with { Ulimits = [new ContainerUlimit("nosuch", 1, 1)] },
            offline with { WorkingDirectory = "relative" },
            offline with { StopSignal = "SIGNOSUCH" },
        ];
        foreach (var (request, index) in requests.Select((request, index) => (request, index)))
        {
            var exception = await Assert.ThrowsAsync<DockerException>(() => StartAsync(Client(engine), request with { Name = NewName() }));
            Assert.True(
                exception.Kind == DockerErrorKind.InvalidConfiguration,
                $"request {index} was {exception.Kind} ({exception.StatusCode}): {exception.Message}");
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_network_that_is_not_there_is_not_found(string engine) =>
        await FailsAsync(DockerErrorKind.NotFound, () => StartAsync(Client(engine), Script("true") with { Network = "nosuchnetwork" }));

    [Theory, MemberData(nameof(Engines))]
    public async Task A_program_that_fails_to_start_leaves_its_reason_in_the_container(string engine)
    {
        var created = await Client(engine).CreateContainerAsync(Script("") with { Command = ["nosuchprogram"] }, Deadline);
        await FailsAsync(DockerErrorKind.InvalidConfiguration, () => Client(engine).StartContainerAsync(created.Id, Deadline));

        var details = await Client(engine).InspectContainerAsync(created.Id, Deadline);

        Assert.Equal(ContainerState.Created, details.State);
        Assert.Equal(127, details.ExitCode);
        Assert.Contains("executable file not found", details.Error, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Unknown_names_are_not_found_whatever_the_call(string engine)
    {
        var client = Client(engine);
        await FailsAsync(DockerErrorKind.NotFound, () => client.StartContainerAsync("nosuch", Deadline));
        await FailsAsync(DockerErrorKind.NotFound, () => client.StopContainerAsync("nosuch", TimeSpan.Zero, Deadline));
        await FailsAsync(DockerErrorKind.NotFound, () => client.KillContainerAsync("nosuch", "SIGTERM", Deadline));
        await FailsAsync(DockerErrorKind.NotFound, () => client.WaitContainerAsync("nosuch", WaitCondition.NextExit, null, Deadline));
        await FailsAsync(DockerErrorKind.NotFound, () => LogsAsync(client, "nosuch"));
        await FailsAsync(DockerErrorKind.NotFound, () => client.GetUsageAsync("nosuch", Deadline));
        await FailsAsync(DockerErrorKind.NotFound, () => client.InspectNetworkAsync("nosuch", Deadline));
        await FailsAsync(DockerErrorKind.NotFound, () => client.RemoveNetworkAsync("nosuch", Deadline));
        await FailsAsync(DockerErrorKind.NotFound, () => client.InspectVolumeAsync("nosuch", Deadline));
        await FailsAsync(DockerErrorKind.NotFound, () => client.RemoveVolumeAsync("nosuch", Deadline));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_call_that_is_cancelled_throws_the_cancellation(string engine)
    {
        var id = await StartAsync(Client(engine), Script("sleep 60"));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Deadline);
        var registered = new TaskCompletionSource();
        var wait = Client(engine).WaitContainerAsync(id, WaitCondition.NextExit, registered.SetResult, cancel.Token);
        await registered.Task;

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        await Client(engine).RemoveContainerAsync(id, force: true, removeAnonymousVolumes: true, Deadline);
    }
}
