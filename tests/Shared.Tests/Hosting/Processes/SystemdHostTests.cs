// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Shared.Tests.Hosting.Processes;

/// <summary>What systemd is told, by a program that stands for systemctl and writes down its arguments.</summary>
public sealed class SystemdHostTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly TestDirectory _directory = new();
    private readonly SystemdHost _host;

    public SystemdHostTests()
    {
        Paths.CreateDirectories();
        var program = _directory.File("systemctl");
        File.WriteAllText(program, $"""
            #!/bin/sh
            echo "$*" >>{_directory.File("told")}
            [ -f {_directory.File("fails")} ] && exit 1
            [ -f {_directory.File("hangs")} ] && exec sleep 100
            [ "$1" = show ] && printf 'MainPID=%s\nExecMainStartTimestampMonotonic=1000000\n' "$(cat {_directory.File("pid")})"
            exit 0

            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _host = new SystemdHost(Paths, TimeProvider.System, new Systemctl(program, TimeProvider.System));
    }

    private ClusterPaths Paths => _directory.Paths;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Everything_is_started_by_the_target_with_the_consul_that_was_found()
    {
        await WriteAsync("consul", "agent");
        Assert.True(await _host.StartAllAsync(Limit, CancellationToken.None));
        Assert.Equal(
            ["--no-ask-password enable --quiet cluster.target cluster-consul.service cluster-agent.service",
                "--no-ask-password start cluster.target"],
            Told());
        Assert.Equal("/opt/consul", new FileInfo(Path.Combine(Paths.ConsulDirectory, "program")).LinkTarget);
    }

    [Fact]
    public async Task What_was_stopped_stays_so_when_everything_is_started()
    {
        await WriteAsync("consul", "agent");
        Assert.True(await _host.StopAsync("agent", Limit, CancellationToken.None));
        Assert.True(await _host.StartAllAsync(Limit, CancellationToken.None));
        Assert.Equal("--no-ask-password disable --quiet --now cluster-agent.service", Told()[0]);
        Assert.DoesNotContain("cluster-agent", Told()[1], StringComparison.Ordinal);

        Assert.True(await _host.StartAsync("agent", Limit, CancellationToken.None));
        Assert.Equal("--no-ask-password enable --quiet --now cluster-agent.service", Told()[^1]);
        Assert.False(File.Exists(Path.Combine(Paths.RunDirectory, "agent.stopped")));
    }

    [Fact]
    public async Task Every_unit_is_named_when_everything_is_stopped_so_that_its_end_is_waited_for()
    {
        await WriteAsync("consul", "agent");
        Assert.True(await _host.StopAllAsync(Limit, CancellationToken.None));
        Assert.Equal(["--no-ask-password stop cluster.target cluster-consul.service cluster-agent.service"], Told());
    }

    [Fact]
    public async Task A_role_is_shown_with_its_process_and_its_beginning()
    {
        await WriteAsync("agent");
        await File.WriteAllTextAsync(_directory.File("pid"), "4711");
        var running = Assert.Single(await _host.StatusAsync(CancellationToken.None));
        Assert.Equal(4711, running.Pid);
        var uptime = TimeProvider.System.GetElapsedTime(0);
        var expected = TimeProvider.System.GetUtcNow() - uptime + TimeSpan.FromSeconds(1);
        Assert.InRange(running.StartedAt!.Value, expected - TimeSpan.FromSeconds(20), expected + TimeSpan.FromSeconds(20));

        await File.WriteAllTextAsync(_directory.File("pid"), "0");
        Assert.False(Assert.Single(await _host.StatusAsync(CancellationToken.None)).IsRunning);
    }

    [Fact]
    public async Task A_refusal_and_a_hanging_systemd_are_told_as_not_done()
    {
        await WriteAsync("agent");
        await File.WriteAllTextAsync(_directory.File("fails"), "");
        Assert.False(await _host.RestartAsync("agent", Limit, CancellationToken.None));
        File.Move(_directory.File("fails"), _directory.File("hangs"));
        Assert.False(await _host.RestartAsync("agent", TimeSpan.FromMilliseconds(300), CancellationToken.None));
        var missing = new SystemdHost(Paths, TimeProvider.System, new Systemctl(_directory.File("no-such"), TimeProvider.System));
        Assert.False(await missing.StopAllAsync(Limit, CancellationToken.None));
    }

    [Fact]
    public void Units_count_only_for_their_own_data_directory_and_where_systemd_runs()
    {
        var units = Directory.CreateDirectory(_directory.File("units")).FullName;
        bool Used(string root, string booted) => SystemdUnits.AreUsedFor(new ClusterPaths(root), booted, [units]);
        Assert.False(Used("/var/lib/cluster", units));
        File.Copy(Path.Combine(Units(), "cluster-agent.service"), Path.Combine(units, "cluster-agent.service"));
        Assert.True(Used("/var/lib/cluster", units));
        Assert.False(Used("/srv/cluster", units));
        Assert.False(Used("/var/lib/cluster", _directory.File("not-booted")));
    }

    private static string Units() => ClusterManager.Tests.Support.SourceTree.PathOf("scripts/packaging/systemd");

    private string[] Told() => File.ReadAllLines(_directory.File("told"));

    private Task WriteAsync(params string[] roles) => new HostFile
    {
        Roles = [.. roles.Select(name => new HostRole { Name = name, Command = [$"/opt/{name}"] })],
    }.WriteAsync(Paths, CancellationToken.None);
}
