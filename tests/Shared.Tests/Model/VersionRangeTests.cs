// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Shared.Tests.Model;

/// <summary>Tags as versions, their order, and the ranges that services follow.</summary>
public sealed class VersionRangeTests
{
    [Theory]
    [InlineData("^1.2", "1.2.0 1.2.9 1.9.0 v1.3", "1.1.9 2.0.0 2.0.0-rc.1 1.3.0-rc.1 0.9.9")]
    [InlineData("^0.2.3", "0.2.3 0.2.9", "0.2.2 0.3.0 1.0.0")]
    [InlineData("^0.0.3", "0.0.3", "0.0.4 0.0.2")]
    [InlineData("^0", "0.0.1 0.9.0", "1.0.0")]
    [InlineData("~1.2.3", "1.2.3 1.2.10", "1.3.0 1.2.2")]
    [InlineData("~1", "1.0.0 1.9.9", "2.0.0")]
    [InlineData("1", "1.0.0 1.99.0", "2.0.0 0.9.0")]
    [InlineData("1.x", "1.0.0 1.99.0", "2.0.0")]
    [InlineData("1.2", "1.2.0 1.2.7", "1.3.0")]
    [InlineData("v1.2.x", "1.2.0 1.2.7", "1.3.0 1.1.9")]
    [InlineData("1.2.3", "1.2.3", "1.2.4")]
    [InlineData("*", "0.0.1 99.0.0", "1.0.0-alpha")]
    [InlineData(">=1.2 <2", "1.2.0 1.9.9", "2.0.0 1.1.0 2.0.0-rc.1")]
    [InlineData(">1.2.3 <=1.4.0", "1.2.4 1.4.0", "1.2.3 1.4.1")]
    [InlineData("^1.2.0-rc.1", "1.2.0-rc.1 1.2.0-rc.2 1.2.0 1.3.0-beta", "1.2.0-beta 2.0.0-rc.1 2.0.0")]
    public void A_range_holds_its_versions_and_no_others(string range, string inside, string outside)
    {
        var parsed = VersionRange.Parse(range)!;
        Assert.All(inside.Split(' '), text => Assert.True(parsed.Contains(TagVersion.Parse(text)!), $"{text} is in {range}"));
        Assert.All(outside.Split(' '), text => Assert.False(parsed.Contains(TagVersion.Parse(text)!), $"{text} is not in {range}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("latest")]
    [InlineData("^")]
    [InlineData("^x")]
    [InlineData("1.x.3")]
    [InlineData("1.2.3.4")]
    [InlineData("=>1")]
    [InlineData("^1 || ^2")]
    [InlineData("1.2.3-")]
    [InlineData("1.02")]
    [InlineData("^99999999999999999999")]
    public void What_is_no_range_is_refused(string text) => Assert.Null(VersionRange.Parse(text));

    [Fact]
    public void A_text_of_any_length_is_no_range() => Assert.Null(VersionRange.Parse(new string('1', 100_000)));

    [Fact]
    public void Versions_are_ordered_as_semver_orders_them()
    {
        string[] ordered =
        [
            "0.9.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
            "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0",
        ];
        var versions = ordered.Select(text => TagVersion.Parse(text)!).ToList();
        Assert.Equal(versions, versions.AsEnumerable().Reverse().Order());
        Assert.Equal(0, TagVersion.Parse("v1.2")!.CompareTo(TagVersion.Parse("1.2.0")));
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("2024.01.02")]
    [InlineData("1.2.3.4")]
    [InlineData("1..2")]
    [InlineData("1.2.3-rc..1")]
    [InlineData("4f1c")]
    [InlineData("v")]
    [InlineData("-1")]
    [InlineData("1_2")]
    public void What_is_no_version_is_none(string tag) => Assert.Null(TagVersion.Parse(tag));
}
