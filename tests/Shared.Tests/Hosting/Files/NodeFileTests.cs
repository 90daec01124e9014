// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;

namespace ClusterManager.Shared.Tests.Hosting.Files;

public sealed class NodeFileTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Node_file_round_trips()
    {
        var file = Sample();
        await NodeFile.At(_directory.Paths).WriteAsync(file, None);

        var read = await NodeFile.At(_directory.Paths).ReadAsync(None);

        Assert.Equal(SealedReadOutcome.Intact, read.Outcome);
        Assert.Equal(file.Roles.AsEnumerable(), read.Value!.Roles);
        Assert.Equal(file.ManagerAddresses.AsEnumerable(), read.Value.ManagerAddresses);
        Assert.Equal(file, read.Value with { Roles = file.Roles, ManagerAddresses = file.ManagerAddresses });
        Assert.Equal(FileModes.Private, File.GetUnixFileMode(_directory.Paths.NodeFile));
    }

    [Fact]
    public async Task Node_file_of_an_older_version_gets_the_defaults_of_what_it_does_not_mention()
    {
        var json = """
            { "clusterId": "c1", "incarnation": 1, "nodeId": "n1", "nodeName": "a", "advertiseAddress": "10.0.0.1",
              "roles": ["Agent"], "managerAddresses": [], "consul": {}, "ofANewerVersion": 7 }
            """;
        await AtomicFile.WriteSealedAsync(_directory.Paths.NodeFile, System.Text.Encoding.UTF8.GetBytes(json), FileModes.Private, None);

        var file = (await NodeFile.At(_directory.Paths).ReadAsync(None)).Value!;

        Assert.Equal(("/var/run/docker.sock", 20000, 29999), (file.DockerSocket, file.PortRangeFirst, file.PortRangeLast));
        Assert.Equal(new NodeConsulSettings(), file.Consul);
        Assert.Equal(("http://127.0.0.1:8500", 8600, "dc1"), (file.Consul.HttpAddress, file.Consul.DnsPort, file.Consul.Datacenter));
    }

    [Fact]
    public async Task Node_file_with_alien_json_is_damaged_not_an_exception()
    {
        await AtomicFile.WriteSealedAsync(_directory.Paths.NodeFile, "{\"clusterId\":7}"u8.ToArray(), FileModes.Private, None);

        var read = await NodeFile.At(_directory.Paths).ReadAsync(None);

        Assert.Equal(SealedReadOutcome.Damaged, read.Outcome);
        Assert.Null(read.Value);
    }

    [Fact]
    public void Data_directory_wins_over_environment_and_default()
    {
        Assert.Equal("/some/where/run", ClusterPaths.Resolve("/some/where/").RunDirectory);
        var expected = Environment.GetEnvironmentVariable(ClusterPaths.EnvironmentVariable) ?? ClusterPaths.DefaultRoot;
        Assert.Equal(expected, ClusterPaths.Resolve(null).Root);
    }

    [Fact]
    public void Directories_are_readable_by_their_owner_only()
    {
        var paths = new ClusterPaths(_directory.File("home"));
        paths.CreateDirectories();
        Assert.Equal(FileModes.Private | UnixFileMode.UserExecute, File.GetUnixFileMode(paths.ManagerDirectory));
    }

    internal static NodeFile Sample() => new()
    {
        ClusterId = "c1",
        Incarnation = 1,
        Term = 3,
        Version = 44,
        NodeId = "n1",
        NodeName = "alpha",
        AdvertiseAddress = "10.0.0.11",
        Roles = [NodeRole.Agent, NodeRole.Manager],
        ManagerAddresses = ["10.0.0.11:7443"],
        Consul = new NodeConsulSettings { DnsPort = 8601, TokenFile = "/somewhere/token" },
    };
}
