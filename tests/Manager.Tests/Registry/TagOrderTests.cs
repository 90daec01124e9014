// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Registry;

namespace ClusterManager.Manager.Tests.Registry;

public sealed class TagOrderTests
{
    [Theory]
    [InlineData("2.0 1.10 1.9.3 1.9", "1.9 1.10 2.0 1.9.3")]
    [InlineData("1.27.3 1.27.3-alpine 1.27.3-slim 1.27.3-rc10 1.27.3-rc9 1.27.3-beta2", null)]
    [InlineData("v2.1 2.0 v1", null)]
    [InlineData("20240131 20231231 3.12 latest main", null)]
    [InlineData("1 4f1c2d latest sha-1 v", null)]
    [InlineData("999999999999999999 1 9999999999999999999", null)]
    public void What_looks_newest_comes_first(string expected, string? given)
    {
        var order = expected.Split(' ');
        Assert.Equal(order, (given?.Split(' ') ?? order.Reverse()).Order(TagOrder.Instance));
    }

    [Fact]
    public void It_is_an_order()
    {
        string[] tags =
        [
            "1", "1.0", "v1", "1-rc1", "1-rc9", "1-rc10", "1-rc1a", "1-rc", "1-alpine", "1_x", "1.", "a", "", "1.0.0-beta", "2-dev", "4f",
        ];
        foreach (var a in tags)
        foreach (var b in tags)
        {
            Assert.Equal(Math.Sign(TagOrder.Instance.Compare(a, b)), -Math.Sign(TagOrder.Instance.Compare(b, a)));
            Assert.Equal(a == b, TagOrder.Instance.Compare(a, b) == 0);
            foreach (var c in tags)
                if (TagOrder.Instance.Compare(a, b) < 0 && TagOrder.Instance.Compare(b, c) < 0)
                    Assert.True(TagOrder.Instance.Compare(a, c) < 0, $"{a} {b} {c}");
        }
    }
}
