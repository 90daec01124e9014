// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Inspection.Drift;
using ClusterManager.Agent.Node;
using ClusterManager.Agent.Tests.Docker;
using ClusterManager.Model;

namespace ClusterManager.Agent.Tests.Inspection.Drift;

/// <summary>What real engines fill in by themselves is no drift: <see cref="ContainerComparisonTests"/> only believes it.</summary>
public sealed class RealDriftTests(EnginesFixture engines) : RealEngineTests(engines)
{
    [Theory, MemberData(nameof(Engines))]
    public async Task A_container_as_the_agent_makes_it_has_no_drift_and_a_changed_one_has(string engine)
    {
        var client = Client(engine);
        var network = new ContainerNetwork(client, Make.Cluster);
        var gateway = await network.EnsureAsync(Deadline);
        foreach (var spec in new[] { Plain(), Rich() })
        {
            var request = Request(spec, gateway);
            Assert.Empty(await CompareAsync(client, request, request));
            var other = request with
            {
                MemoryBytes = 64 << 20, Environment = request.Environment.Append(new("EXTRA", "x")).ToDictionary(),
            };
            // A kernel that does not account swap tells no memorySwap.
            Assert.Equal(["env.EXTRA", "memory"],
                (await CompareAsync(client, request, other)).Select(one => one.Field).Where(field => field != "memorySwap"));
        }
    }

    private async Task<IReadOnlyList<FieldFinding>> CompareAsync(DockerClient client, ContainerRequest wanted, ContainerRequest made)
    {
        var created = await client.CreateContainerAsync(made, Deadline);
        try
        {
            await client.StartContainerAsync(created.Id, Deadline);
            var found = await client.InspectContainerMakeAsync(created.Id, Deadline);
            var image = await client.InspectImageMakeAsync(found.Image!, Deadline);
            return ContainerComparison.Of(ContainerRequestMapping.ToDto(wanted), found, image.Config);
        }
        finally
        {
            await client.RemoveContainerAsync(created.Id, force: true, removeAnonymousVolumes: true, Deadline);
        }
    }

    private static ContainerRequest Request(ServiceSpec spec, string? gateway)
    {
        var node = new NodeIdentity(Make.Cluster, new NodeId(7), "node-a", "192.0.2.1");
        var assignment = Make.Assignment(Make.Id(1), spec: spec) with { Image = RealEngine.Image };
        var bindings = ContainerRequestBuilder.Bindings(
            spec, [.. spec.Ports.Select((port, i) => new HostPort(port.Target, 20050 + i, port.Protocol))]);
        return ContainerRequestBuilder.Build(node, assignment, 1, bindings, ContainerNetwork.Name, gateway);
    }

    private static ServiceSpec Plain() => Make.Spec() with
    {
        Container = new ContainerSpec { Image = RealEngine.Image, Command = ["sleep", "1000"] },
    };

    private static ServiceSpec Rich() => Make.Spec() with
    {
        Container = new ContainerSpec
        {
            Image = RealEngine.Image, Entrypoint = [], Command = ["sleep", "1000"], User = "0:0", WorkingDirectory = "/tmp",
            Hostname = "web", ReadOnly = true, CapabilitiesAdded = ["NET_ADMIN"], CapabilitiesDropped = ["CHOWN"],
            Environment = Maps.Of([new("PASSWORD", "a=b c")]), Labels = Maps.Of([new("team", "blue")]), StopSignal = "SIGINT",
            Ulimits = [new UlimitSpec("nofile", 1000, 2000)], Sysctls = Maps.Of([new("net.core.somaxconn", "100")]),
            ExtraHosts = [new HostEntry("db", "192.0.2.9")],
            Mounts =
            [
                new MountSpec { Kind = MountKind.Bind, Source = "/tmp", Target = "/host", ReadOnly = true },
                new MountSpec { Kind = MountKind.Volume, Source = "drift", Target = "/data" },
                new MountSpec { Kind = MountKind.Volume, Target = "/own" },
                new MountSpec { Kind = MountKind.Tmpfs, Target = "/scratch", TmpfsSizeBytes = 1 << 20 },
            ],
        },
        Ports = [new PortSpec { Mode = PortMode.Dynamic, Target = 80 }, new PortSpec { Mode = PortMode.Dynamic, Target = 53,
            Protocol = PortProtocol.Udp }],
        Health = new HealthSpec { Kind = HealthKind.Command, Test = ["CMD", "true"], Interval = TimeSpan.FromSeconds(30) },
        Resources = new ResourceSpec { CpuLimitNano = 500_000_000, PidsLimit = 100 },
    };
}
