// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Shared.Tests.Model;

public sealed class TextTests
{
    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(250, "250ms")]
    [InlineData(999, "999ms")]
    [InlineData(1000, "1s")]
    [InlineData(4500, "4.5s")]
    [InlineData(59_900, "59.9s")]
    [InlineData(59_960, "60s")]
    [InlineData(60_000, "1m")]
    [InlineData(190_000, "3m10s")]
    [InlineData(5_400_000, "1h30m")]
    [InlineData(3_600_000, "1h")]
    [InlineData(172_800_000, "2d")]
    [InlineData(180_000_000, "2d2h")]
    [InlineData(-4500, "-4.5s")]
    public void Durations_read_as_people_write_them(long milliseconds, string text) =>
        Assert.Equal(text, Text.Duration(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void The_longest_durations_have_a_text()
    {
        Assert.StartsWith("10675199d", Text.Duration(TimeSpan.MaxValue), StringComparison.Ordinal);
        Assert.StartsWith("-10675199d", Text.Duration(TimeSpan.MinValue), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KB")]
    [InlineData(1536, "1.5 KB")]
    [InlineData(1L << 30, "1 GB")]
    [InlineData(long.MaxValue, "8192 PB")]
    [InlineData(long.MinValue, "-8192 PB")]
    [InlineData(-1536, "-1.5 KB")]
    public void Sizes_are_powers_of_1024(long bytes, string text) => Assert.Equal(text, Text.Bytes(bytes));

    [Theory]
    [InlineData(500_000_000, "0.5")]
    [InlineData(2_000_000_000, "2")]
    [InlineData(1_250_000_000, "1.25")]
    [InlineData(0, "0")]
    public void Cpu_is_in_cores(long nano, string text) => Assert.Equal(text, Text.Cpu(nano));
}
