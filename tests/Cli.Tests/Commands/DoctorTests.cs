// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using ClusterManager.Cli.Doctor;
using ClusterManager.Cli.Tests.Fixtures;
using V1 = ClusterManager.Wire.V1;
using Severity = ClusterManager.Wire.V1.Finding.Types.Severity;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary><c>cluster doctor</c>: what it prints and ends with.</summary>
public sealed class DoctorTests
{
    private const long Now = 1_772_359_331_000;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_alarm_is_one_line_with_what_to_do_and_the_exit_code_is_1()
    {
        await using var cluster = await StartAsync(
            Finding(Severity.Alarm, "disk-docker", "n2", "0.4 GB of 100.0 GB free", "at least 5 %", "on n2: docker system prune"),
            Finding(Severity.Hint, "live-restore", "n1", "off", "on", "on n1: set it"), Finding(Severity.Ok, "clock", "n1", "+0.001 s"));
        var cli = new CliRun(cluster.Address);
        Assert.Equal(1, await cli.RunAsync("doctor --data-dir /nowhere"));
        var lines = cli.Out.TrimEnd().Split('\n');
        Assert.Equal("1 alarm: 1 alarm, 1 hint, 2 ok", lines[0]);
        Assert.Matches("^ALARM +disk-docker +n2 +0.4 GB of 100.0 GB free +at least 5 % +on n2: docker system prune$", lines[2]);
        Assert.Matches("^hint +live-restore +n1 +off +on +on n1: set it$", lines[3]);
        Assert.Equal(4, lines.Length);
    }

    [Fact]
    public async Task Hints_alone_are_no_failure_and_all_shows_what_is_well_too()
    {
        await using var cluster = await StartAsync(
            Finding(Severity.Hint, "live-restore", "n1", "off", "on", "set it"), Finding(Severity.Ok, "clock", "n1", "+0.001 s"));
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("doctor --all --data-dir /nowhere"));
        Assert.StartsWith("no alarm: 0 alarms, 1 hint, 2 ok\n", cli.Out, StringComparison.Ordinal);
        Assert.Contains("clock-here", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_every_finding_the_gravest_first()
    {
        await using var cluster = await StartAsync(
            Finding(Severity.Ok, "clock", "n1", "+0.001 s"),
            Finding(Severity.Alarm, "engine", "n1", "does not answer", "answers", "start it"));
        var cli = new CliRun(cluster.Address);
        Assert.Equal(1, await cli.RunAsync("doctor -o json --data-dir /nowhere"));
        using var json = JsonDocument.Parse(cli.Out);
        var first = json.RootElement[0];
        Assert.Equal("severity check node value expected remedy", string.Join(' ', first.EnumerateObject().Select(one => one.Name)));
        Assert.Equal(("alarm", "engine"), (first.GetProperty("severity").GetString(), first.GetProperty("check").GetString()));
        Assert.Equal(3, json.RootElement.GetArrayLength());
    }

    [Theory]
    [InlineData(0, "ok")]
    [InlineData(29, "ok")]
    [InlineData(31, "hint")]
    [InlineData(-45, "hint")]
    public void The_operators_own_clock_is_judged(int seconds, string severity) => Assert.Equal(
        severity, OperatorChecks.Clock(Noon, Noon.AddSeconds(seconds), Noon).Severity);

    [Fact]
    public void A_slow_answer_is_no_wrong_clock() =>
        Assert.Equal("ok", OperatorChecks.Clock(Noon, Noon.AddSeconds(50), Noon.AddSeconds(60)).Severity);

    [Theory]
    [InlineData(6, "alarm")]
    [InlineData(20, "hint")]
    [InlineData(300, "ok")]
    public void The_operators_certificate_is_judged_by_its_days(int days, string severity) =>
        Assert.Equal(severity, OperatorChecks.Certificate(Noon.AddDays(days), Noon)!.Severity);

    private static async Task<FakeCluster> StartAsync(params V1.Finding[] findings)
    {
        var cluster = await FakeCluster.StartAsync();
        return cluster.On((V1.DiagnoseRequest _) => new V1.Diagnosis { Findings = { findings }, NowUnixMs = Now, NodesAsked = 2 });
    }

    private static V1.Finding Finding(
        Severity severity, string check, string node, string value, string expected = "", string remedy = "") => new()
    {
        Severity = severity, Check = check, Node = node, Value = value, Expected = expected, Remedy = remedy,
    };
}
