// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using ClusterManager.Agent.Node;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Agent.Tests.Session;

/// <summary>One writer of node.json for several parts.</summary>
public sealed class NodeFileKeeperTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("node-file").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Changes_at_the_same_moment_take_nothing_back_from_each_other()
    {
        var paths = ClusterPaths.Resolve(_root);
        using var keeper = new NodeFileKeeper(paths);
        await NodeFile.At(paths).WriteAsync(Node(), default);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => keeper.UpdateAsync(
            node => node with { ManagerAddresses = node.ManagerAddresses.Add(i.ToString(CultureInfo.InvariantCulture)) }, default))
            .Append(keeper.UpdateAsync(node => node with { Roles = node.Roles.Add(NodeRole.ConsulServer) }, default)));
        var after = await keeper.ReadAsync(default);
        Assert.Equal(20, after!.ManagerAddresses.Length);
        Assert.Contains(NodeRole.ConsulServer, after.Roles);
    }

    [Fact]
    public async Task What_is_not_there_is_not_made()
    {
        var paths = ClusterPaths.Resolve(_root);
        using var keeper = new NodeFileKeeper(paths);
        await keeper.UpdateAsync(node => node with { Term = 7 }, default);
        Assert.False(File.Exists(paths.NodeFile));
    }

    private static NodeFile Node() => new()
    {
        ClusterId = "00000000000000000000000000000001", Incarnation = 1, NodeId = "00000000000000000000000000000007", NodeName = "node-a",
        AdvertiseAddress = "10.0.0.1", Roles = [NodeRole.Agent], ManagerAddresses = ImmutableArray<string>.Empty,
        Consul = new NodeConsulSettings { TokenFile = "/none" },
    };
}
