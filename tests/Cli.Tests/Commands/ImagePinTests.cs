// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Tests.Fixtures;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary><c>cluster image pin|pins|unpin</c>, and disks in <c>node ls</c> and <c>inspect</c>.</summary>
public sealed class ImagePinTests
{
    private const string Image = "registry.lab:5000/web:1";

    [Fact]
    public async Task A_pin_says_what_is_kept_and_the_list_has_it()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var pin = new V1.PinStatus { Image = Image, Digest = "sha256:ab", CreatedBy = "operator olga", CreatedUnixMs = 1 };
        cluster.On((V1.PinRequest _) => pin);
        cluster.On((V1.PinsRequest _) => new V1.PinList { Pins = { pin } });
        cluster.On((V1.UnpinRequest _) => new V1.UnpinResponse());
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync($"image pin {Image}"));
        Assert.Equal($"{Image} stays where it is: sha256:ab\n", cli.Out);
        Assert.Equal(Image, Assert.Single(cluster.Asked<V1.PinRequest>()).Image);
        Assert.Equal(0, await cli.RunAsync("image pins"));
        Assert.StartsWith("IMAGE                     SET", cli.Out, StringComparison.Ordinal);
        Assert.Equal(0, await cli.RunAsync("image pins -o json"));
        Assert.Contains("\"digest\": \"sha256:ab\"", cli.Out, StringComparison.Ordinal);
        Assert.Equal(0, await cli.RunAsync($"image unpin {Image}"));
        Assert.Equal(Image, Assert.Single(cluster.Asked<V1.UnpinRequest>()).Image);
    }

    [Fact]
    public async Task A_full_disk_is_shown_with_the_node()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var full = new V1.NodeStatus
        {
            Name = "n2", Id = "2", State = V1.NodeState.Ready,
            Disk = new V1.DiskStatus
            {
                FreeBytes = 1L << 30, SizeBytes = 50L << 30, Pressed = true, SweptUnixMs = 1, SweptImages = 4, SweptBytes = 3L << 30,
            },
        };
        cluster.On((V1.ListNodesRequest _) => new V1.NodeList { Nodes = { full, new V1.NodeStatus { Name = "old", Id = "3" } } });
        cluster.On((V1.GetNodeRequest _) => new V1.NodeDetail { Status = full });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("node ls"));
        Assert.Contains("98 % FULL", cli.Out, StringComparison.Ordinal);
        Assert.Contains("n2 takes no new replicas until its disk has room", cli.Error, StringComparison.Ordinal);
        Assert.Equal(0, await cli.RunAsync("node inspect n2"));
        Assert.Contains("disk          1 GB free of 50 GB, too full for new replicas", cli.Out, StringComparison.Ordinal);
        Assert.Contains("images        4 removed", cli.Out, StringComparison.Ordinal);
        Assert.Equal(0, await cli.RunAsync("node inspect n2 -o json"));
        Assert.Contains("\"pressed\": true", cli.Out, StringComparison.Ordinal);
    }
}
