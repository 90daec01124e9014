// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>Specs of the tests' own.</summary>
public static class Specs
{
    public static ServiceSpec Web(int replicas = 3, string image = "registry.test:5000/web:1", string name = "web") => new()
    {
        Name = ServiceName.Parse(name), Replicas = replicas, Container = new ContainerSpec { Image = image },
    };

    public static ServiceSpec WithFixedPort(this ServiceSpec spec, int port = 80) => spec with
    {
        Ports = [new PortSpec { Mode = PortMode.Fixed, Target = 80, Published = port }],
    };

    public static ServiceSpec WithVolume(this ServiceSpec spec, string volume = "data") => spec with
    {
        Container = spec.Container with { Mounts = [new MountSpec { Kind = MountKind.Volume, Source = volume, Target = "/data" }] },
    };

    public static ServiceSpec WithConstraint(this ServiceSpec spec, string text)
    {
        Assert.True(PlacementConstraint.TryParse(text, out var constraint, out _));
        return spec with { Constraints = [constraint!] };
    }

    public static ServiceSpec Reserving(this ServiceSpec spec, long memoryBytes) =>
        spec with { Resources = new ResourceSpec { MemoryReservationBytes = memoryBytes } };

    public static ServiceSpec With(this ServiceSpec spec, string image) => spec with { Container = spec.Container with { Image = image } };

    public static ServiceSpec Global(string name = "agent") =>
        new() { Name = ServiceName.Parse(name), Mode = ServiceMode.Global,
            Container = new ContainerSpec { Image = "registry.test:5000/agent:1" } };
}
