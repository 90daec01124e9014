// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>Versions, times, names and paths of the Engine API.</summary>
public sealed class ProtocolTests
{
    [Theory]
    [InlineData("1.41", "1.12", "1.41")]
    [InlineData("1.51", "1.24", "1.41")]
    [InlineData("1.52", "1.44", "1.44")]
    [InlineData("1.41", null, "1.41")]
    [InlineData("1.60", "1.51", "1.51")]
    public void The_oldest_version_that_will_do_is_spoken(string newest, string? oldest, string chosen) =>
        Assert.Equal(
            chosen, ApiVersionNegotiation.Choose(ApiVersionNegotiation.Preferred, new EngineVersionDto("x", newest, oldest)).ToString());

    [Theory]
    [InlineData("1.40", "1.12", "1.41 (Engine 20.10) is needed")]
    [InlineData("1.9", "1.1", "1.41 (Engine 20.10) is needed")]
    [InlineData("2.0", "1.52", "1.51 is the newest known")]
    [InlineData(null, null, "did not say")]
    [InlineData("nonsense", "1.12", "did not say")]
    public void An_engine_out_of_range_is_refused_with_its_reason(string? newest, string? oldest, string reason)
    {
        var exception = Assert.Throws<DockerException>(
            () => ApiVersionNegotiation.Choose(ApiVersionNegotiation.Preferred, new EngineVersionDto("9.9", newest, oldest)));

        Assert.Equal(DockerErrorKind.UnsupportedEngine, exception.Kind);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Contains("9.9", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_keep_their_nanoseconds()
    {
        Assert.True(EngineTime.TryParseLogTime("2026-01-02T03:04:05.000000006Z", out var nanoseconds));
        Assert.Equal("1767323045.000000006", EngineTime.ToParameter(nanoseconds));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), EngineTime.FromUnixNanoseconds(nanoseconds));
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("yesterday")]
    public void A_time_that_never_was_is_null(string? text) => Assert.Null(EngineTime.ParseOptional(text));

    [Fact]
    public void A_time_of_another_zone_is_told_in_utc()
    {
        var time = EngineTime.ParseOptional("2026-01-02T05:04:05.123456700+02:00");

        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1_234_567), time);
        Assert.Equal(TimeSpan.Zero, time!.Value.Offset);
    }

    [Theory]
    [InlineData("web", "web:latest")]
    [InlineData("web:1", "web:1")]
    [InlineData("registry:5000/web", "registry:5000/web:latest")]
    [InlineData("registry:5000/a/web:1", "registry:5000/a/web:1")]
    [InlineData("web@sha256:0a", "web@sha256:0a")]
    public void A_name_without_tag_means_latest(string name, string tagged) => Assert.Equal(tagged, ImageReference.WithTag(name));

    [Fact]
    public void Paths_and_queries_are_escaped()
    {
        Assert.Equal("a%3A1/b%3Fc", EnginePath.Escape("a:1/b?c"));
        Assert.Equal("/x?a=1%262&c=%2F", EnginePath.WithQuery("/x", ("a", "1&2"), ("b", null), ("c", "/")));
        Assert.Equal("""{"label":["a=b"]}""", EnginePath.Filters(("type", []), ("label", ["a=b"])));
        Assert.Null(EnginePath.Filters(("type", [])));
    }

    [Theory]
    [InlineData("80/tcp", 80, "tcp")]
    [InlineData("80", 80, "tcp")]
    [InlineData("53/udp", 53, "udp")]
    public void Ports_are_read(string text, int number, string protocol)
    {
        Assert.True(ContainerPort.TryParse(text, out var port));
        Assert.Equal(new ContainerPort(number, protocol), port);
    }

    [Fact]
    public void A_credential_is_sent_url_safe_and_never_shown()
    {
        var credential = new RegistryCredential("r.test", "u", "pässword?>");
        var header = ImageMapping.ToHeader(credential)!;

        Assert.DoesNotContain('+', header);
        Assert.DoesNotContain('/', header);
        var json = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(header.Replace('-', '+').Replace('_', '/')));
        Assert.Equal("u", System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("username").GetString());
        Assert.Equal("pässword?>", System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("password").GetString());
        Assert.DoesNotContain("pässword", credential.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("tok3n", (credential with { IdentityToken = "tok3n" }).ToString(), StringComparison.Ordinal);
        Assert.Null(ImageMapping.ToHeader(null));
    }

    [Fact]
    public void Memory_in_use_leaves_out_the_page_cache_of_either_cgroup_version()
    {
        Assert.Equal(70, UsageOf(new Dictionary<string, ulong> { ["total_inactive_file"] = 30, ["inactive_file"] = 1 }).MemoryBytes);
        Assert.Equal(60, UsageOf(new Dictionary<string, ulong> { ["inactive_file"] = 40 }).MemoryBytes);
        Assert.Equal(100, UsageOf(new Dictionary<string, ulong> { ["inactive_file"] = 400 }).MemoryBytes);
        Assert.Equal(long.MaxValue, UsageOf([]).MemoryLimitBytes);
    }

    private static ContainerUsage UsageOf(Dictionary<string, ulong> stats) => ContainerMapping.ToUsage(
        new StatsDto("2026-01-02T03:04:05Z", null, new MemoryStatsDto(100, ulong.MaxValue, stats), null, null));
}
