// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>Networks and volumes on real engines.</summary>
public sealed class RealNetworkTests(EnginesFixture engines) : RealEngineTests(engines)
{
    [Theory, MemberData(nameof(Engines))]
    public async Task A_bridge_network_is_made_found_used_and_removed(string engine)
    {
        var client = Client(engine);
        var request = new NetworkRequest
        {
            Name = NewName(), Subnet = "172.31.250.0/24", AddressRange = "172.31.250.128/25", Gateway = "172.31.250.1",
            Labels = new Dictionary<string, string> { ["cm.net"] = "x" },
            Options = new Dictionary<string, string> { ["com.docker.network.bridge.name"] = "cmtest0" },
        };

        var id = await client.CreateNetworkAsync(request, Deadline);
        var container = await StartAsync(client, Script("sleep 60") with { Network = request.Name });
        var details = await client.InspectContainerAsync(container, Deadline);
        await FailsAsync(DockerErrorKind.Conflict, () => client.RemoveNetworkAsync(id, Deadline));
        await FailsAsync(DockerErrorKind.NameTaken, () =>
            client.CreateNetworkAsync(request with { Subnet = null, AddressRange = null, Gateway = null }, Deadline));
        var network = await client.InspectNetworkAsync(request.Name, Deadline);
        var list = await client.ListNetworksAsync(["cm.net=x"], Deadline);
        await client.RemoveContainerAsync(container, force: true, removeAnonymousVolumes: true, Deadline);
        await client.RemoveNetworkAsync(id, Deadline);

        Assert.Equal([KeyValuePair.Create(request.Name, "172.31.250.128")], details.Addresses);
        Assert.Equal((id, "bridge", request.Subnet, request.Gateway), (network.Id, network.Driver, network.Subnet, network.Gateway));
        Assert.Equal("x", network.Labels["cm.net"]);
        Assert.Equal("cmtest0", network.Options["com.docker.network.bridge.name"]);
        Assert.Equal([id], list.Select(item => item.Id));
        Assert.Empty(await client.ListNetworksAsync(["cm.net=x"], Deadline));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_network_can_not_take_a_range_that_is_in_use(string engine)
    {
        var client = Client(engine);
        await client.CreateNetworkAsync(new NetworkRequest { Name = NewName(), Subnet = "172.31.251.0/24" }, Deadline);

        var exception = await Assert.ThrowsAsync<DockerException>(
            () => client.CreateNetworkAsync(new NetworkRequest { Name = NewName(), Subnet = "172.31.251.0/25" }, Deadline));

        Assert.Contains("overlap", exception.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_volume_is_made_once_kept_while_used_and_removed(string engine)
    {
        var client = Client(engine);
        var request = new VolumeRequest(NewName()) { Labels = new Dictionary<string, string> { ["cm.vol"] = "x" } };

        var made = await client.CreateVolumeAsync(request, Deadline);
        var again = await client.CreateVolumeAsync(request with { Labels = new Dictionary<string, string> { ["cm.vol"] = "y" } }, Deadline);
        var container = await RunAsync(client, Script("true") with { Mounts = [new ContainerMount.Volume(request.Name, "/data")] });
        await FailsAsync(DockerErrorKind.Conflict, () => client.RemoveVolumeAsync(request.Name, Deadline));
        var list = await client.ListVolumesAsync(["cm.vol=x"], Deadline);
        var inspected = await client.InspectVolumeAsync(request.Name, Deadline);
        await client.RemoveContainerAsync(container.Id, force: false, removeAnonymousVolumes: true, Deadline);
        await client.RemoveVolumeAsync(request.Name, Deadline);

        Assert.Equal((request.Name, "local", "x"), (made.Name, made.Driver, made.Labels["cm.vol"]));
        Assert.Equal("x", again.Labels["cm.vol"]);
        Assert.Equal(made.Mountpoint, inspected.Mountpoint);
        Assert.True(inspected.Created.Year >= 2020);
        Assert.Equal([request.Name], list.Select(item => item.Name));
        Assert.Empty(await client.ListVolumesAsync(["cm.vol=x"], Deadline));
    }
}
