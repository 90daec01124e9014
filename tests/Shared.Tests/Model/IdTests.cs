// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Shared.Tests.Model;

/// <summary>Text forms of ids, and the order of versions.</summary>
public sealed class IdTests
{
    [Theory]
    [InlineData("00000000000000000000000000000001", true)]
    [InlineData("ffffffffffffffffffffffffffffffff", true)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", true)]
    [InlineData("0000000000000000000000000000001", false)]
    [InlineData("000000000000000000000000000000001", false)]
    [InlineData("0000000000000000000000000000000g", false)]
    [InlineData("+0000000000000000000000000000001", false)]
    [InlineData(" 0000000000000000000000000000001", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Node_and_cluster_ids_are_32_hexadecimal_digits(string? text, bool valid)
    {
        Assert.Equal(valid, NodeId.TryParse(text, out var node));
        Assert.Equal(valid, ClusterId.TryParse(text, out var cluster));
        if (!valid)
        {
            Assert.Throws<FormatException>(() => NodeId.Parse(text!));
            Assert.Throws<FormatException>(() => ClusterId.Parse(text!));
            return;
        }

        Assert.Equal(text!.ToLowerInvariant(), node.ToString());
        Assert.Equal(text.ToLowerInvariant(), cluster.ToString());
    }

    [Theory]
    [InlineData("12-3-1", true)]
    [InlineData("1-0-0", true)]
    [InlineData("12-3", false)]
    [InlineData("12-3-1-1", false)]
    [InlineData("-1-3-1", false)]
    [InlineData("a-3-1", false)]
    [InlineData("12- 3-1", false)]
    [InlineData("99999999999999999999-1-1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Allocation_ids_are_service_slot_generation(string? text, bool valid)
    {
        Assert.Equal(valid, AllocationId.TryParse(text, out var id));
        if (valid) Assert.Equal(text, id.ToString());
        else Assert.Equal(default, id);
    }

    [Fact]
    public void Allocations_are_ordered_by_service_slot_and_age()
    {
        AllocationId[] ordered = [Id(1, 1, 1), Id(1, 1, 2), Id(1, 2, 1), Id(2, 1, 1)];
        Assert.Equal(ordered, ordered.Reverse().Order());
    }

    [Fact]
    public void Versions_are_ordered_by_incarnation_then_term_then_number()
    {
        StateVersion[] ordered = [default, new(1, 1, 9), new(1, 2, 0), new(1, 2, 1), new(2, 1, 0), new(2, 1, 1)];
        Assert.Equal(ordered, ordered.Reverse().Order());
        for (var i = 0; i < ordered.Length; i++)
        {
            for (var j = 0; j < ordered.Length; j++)
            {
                Assert.Equal(i < j, ordered[i] < ordered[j]);
                Assert.Equal(i <= j, ordered[i] <= ordered[j]);
                Assert.Equal(i > j, ordered[i] > ordered[j]);
                Assert.Equal(i >= j, ordered[i] >= ordered[j]);
            }
        }

        Assert.Equal("2.1.0", new StateVersion(2, 1, 0).ToString());
    }

    [Theory]
    [InlineData("web", "default", "web", "web", "web")]
    [InlineData("default/web", "default", "web", "web", "web")]
    [InlineData("shop/web", "shop", "web", "shop-web", "shop/web")]
    [InlineData("a/b/c", "a", "b/c", "a-b/c", "a/b/c")]
    public void Service_names_are_read_as_typed(string text, string stack, string name, string discovery, string display)
    {
        var parsed = ServiceName.Parse(text);
        Assert.Equal(new ServiceName(stack, name), parsed);
        Assert.Equal(discovery, parsed.DiscoveryName);
        Assert.Equal(display, parsed.Display);
        Assert.Equal($"{stack}/{name}", parsed.ToString());
    }

    private static AllocationId Id(long service, int slot, int generation) => new(new ServiceId(service), slot, generation);
}
