// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Logging;
using ClusterManager.Hosting.Security;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Shared.Tests.Hosting.Logging;

public sealed partial class ClusterLoggingTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Line_shows_time_level_short_source_message_and_the_other_properties()
    {
        var lines = Write(logger =>
        {
            using var scope = logger.BeginScope(new Dictionary<string, object> { ["Term"] = 4 });
            Committed(logger, 3, new TruncatedId("0123456789abcdef"));
        });
        var line = lines.Single();
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ", line);
        Assert.EndsWith("Z INF ClusterLoggingTests  Committed 3 changes of 0123456789ab  Term=4", line);
    }

    [Fact]
    public void Text_from_outside_cannot_forge_a_line() =>
        Assert.Single(Write(logger => Said(logger, "x\n2026-01-01T00:00:00.000Z CRT Forged  y\r\nz")));

    [Fact]
    public void Secret_is_masked()
    {
        var line = Write(logger => Guarded(logger, new Secret("opensesame"))).Single();
        Assert.Contains("***", line);
        Assert.DoesNotContain("opensesame", line);
    }

    [Fact]
    public void Exception_follows_indented()
    {
        var lines = Write(logger => Failed(logger, new InvalidOperationException("first\nsecond")));
        Assert.Contains(" ERR ", lines[0]);
        Assert.All(lines.Skip(1), line => Assert.StartsWith("    ", line));
        Assert.Contains(lines, l => l.Contains("second"));
    }

    [Fact]
    public void Level_can_be_changed_while_running()
    {
        using (var logging = ClusterLogging.Create("test", _directory.Paths, LogLevel.Warning, ConsoleTarget.None))
        {
            var logger = logging.Factory.CreateLogger<ClusterLoggingTests>();
            Said(logger, "too low");
            logging.Level = LogLevel.Information;
            Assert.Equal(LogLevel.Information, logging.Level);
            Said(logger, "now shown");
            logging.Level = LogLevel.None;
            Failed(logger, new InvalidOperationException("not shown"));
        }
        Assert.Contains("now shown", Assert.Single(Lines()));
    }

    [Theory]
    [InlineData(null, "-")]
    [InlineData("short", "short")]
    [InlineData("0123456789abcdef", "0123456789ab")]
    public void Truncated_id_shows_twelve_characters(string? id, string expected) => Assert.Equal(expected, new TruncatedId(id).ToString());

    private string[] Write(Action<ILogger> write)
    {
        using (var logging = ClusterLogging.Create("test", _directory.Paths, LogLevel.Information, ConsoleTarget.None))
            write(logging.Factory.CreateLogger<ClusterLoggingTests>());
        return Lines();
    }

    private string[] Lines() => File.ReadAllLines(Path.Combine(_directory.Paths.LogDirectory, "test.log"));

    [LoggerMessage(1, LogLevel.Information, "Committed {Count} changes of {ServiceId}")]
    private static partial void Committed(ILogger logger, int count, TruncatedId serviceId);

    [LoggerMessage(2, LogLevel.Information, "It said {Text}")]
    private static partial void Said(ILogger logger, string text);

    [LoggerMessage(3, LogLevel.Information, "With {Password}")]
    private static partial void Guarded(ILogger logger, Secret password);

    [LoggerMessage(4, LogLevel.Error, "Failed")]
    private static partial void Failed(ILogger logger, Exception e);
}
