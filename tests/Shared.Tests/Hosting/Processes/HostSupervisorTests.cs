// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Shared.Tests.Hosting.Processes;

public sealed class HostSupervisorTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly SupervisorFixture _host = new();

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Killed_child_is_restarted()
    {
        await _host.WriteAsync(SupervisorFixture.Sleeper("agent"));
        _host.Supervise();
        var first = await _host.PidAsync("agent");

        Assert.Equal(0, NativeMethods.Kill(first, NativeMethods.SignalKill));

        var second = await _host.PidAsync("agent", first);
        Assert.Equal($"{second}\n", await File.ReadAllTextAsync(_host.RunFile("agent.pid")));
    }

    [Fact]
    public async Task Child_that_ends_by_itself_with_success_is_restarted_too()
    {
        await _host.WriteAsync(SupervisorFixture.Shell("agent", "echo x >>runs"));
        _host.Supervise();
        await Until.TrueAsync(() => _host.Lines("runs").Length >= 3, "three runs");
    }

    [Fact]
    public async Task Child_has_a_session_of_its_own_no_input_and_its_output_in_a_private_file()
    {
        await _host.WriteAsync(SupervisorFixture.Shell("agent", "read x; echo out; echo err >&2; exec sleep 1000"));
        _host.Supervise();
        var pid = await _host.PidAsync("agent");
        var output = Path.Combine(_host.Paths.LogDirectory, "agent.out");
        await Until.TrueAsync(() => File.Exists(output) && File.ReadAllText(output) == "out\nerr\n", "both lines are in the file");

        var stat = (await File.ReadAllTextAsync($"/proc/{pid}/stat")).Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // Fields 5 and 6 of the line: process group and session.
        Assert.Equal([$"{pid}", $"{pid}"], stat[2..4]);
        Assert.Equal(FileModes.Private, File.GetUnixFileMode(output));
    }

    [Fact]
    public async Task Child_gets_its_environment_and_directory_and_no_socket_of_systemd()
    {
        var role = SupervisorFixture.Shell("agent", "env >seen.tmp; mv seen.tmp seen; exec sleep 1000") with
        {
            WorkingDirectory = _host.Paths.AgentDirectory,
        };
        await _host.WriteAsync(role with { Environment = role.Environment.Add("GREETING", "it's a \"test\" $HOME") });
        _host.Supervise();
        await Until.TrueAsync(() => File.Exists(Path.Combine(_host.Paths.AgentDirectory, "seen")), "it wrote its environment");
        var lines = _host.Lines("agent/seen");
        Assert.Contains("GREETING=it's a \"test\" $HOME", lines);
        Assert.DoesNotContain(lines, l => l.StartsWith("NOTIFY_SOCKET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopped_role_is_ended_and_stays_so_until_it_is_started()
    {
        await _host.WriteAsync(SupervisorFixture.Sleeper("agent"), SupervisorFixture.Shell("witness", "echo x >>beats; exec sleep 0.05"));
        _host.Supervise();
        var first = await _host.PidAsync("agent");

        Assert.True(await _host.Control.StopAsync("agent", SupervisorFixture.Limit, None));
        Assert.True(_host.Control.Status("agent").IsStopped);
        // The witness shows that the supervisor went on looking.
        var beats = _host.Lines("beats").Length;
        await Until.TrueAsync(() => _host.Lines("beats").Length >= beats + 3, "the witness is restarted");
        Assert.Equal(new HostRoleStatus("agent", null, null, true), _host.Control.Status("agent"));

        Assert.True(await _host.Control.StartAsync("agent", SupervisorFixture.Limit, None));
        Assert.NotEqual(first, _host.Control.Pid("agent"));
    }

    [Fact]
    public async Task Role_that_is_stopped_before_the_supervisor_comes_is_never_started()
    {
        await File.WriteAllTextAsync(_host.RunFile("agent.stopped"), "");
        await _host.WriteAsync(SupervisorFixture.Shell("agent", "echo x >>started"), SupervisorFixture.Shell("witness", "echo x >>beats"));
        _host.Supervise();
        await Until.TrueAsync(() => _host.Lines("beats").Length >= 3, "the witness is restarted");
        Assert.Empty(_host.Lines("started"));
    }

    [Fact]
    public async Task Added_role_is_started_and_removed_role_is_ended_while_the_others_run_on()
    {
        await _host.WriteAsync(SupervisorFixture.Sleeper("consul"));
        _host.Supervise();
        var consul = await _host.PidAsync("consul");

        await _host.WriteAsync(SupervisorFixture.Sleeper("consul"), SupervisorFixture.Sleeper("agent"));
        await _host.PidAsync("agent");
        await _host.WriteAsync(SupervisorFixture.Sleeper("consul"));
        await Until.TrueAsync(() => _host.Control.Pid("agent") is null, "agent is ended");

        Assert.Equal(consul, _host.Control.Pid("consul"));
    }

    [Theory]
    [InlineData("{ not json")]
    [InlineData("{\"roles\":[{\"name\":\"agent\",\"command\":[]}]}")]
    [InlineData(null)]
    public async Task Refused_or_missing_file_stops_nothing(string? content)
    {
        await _host.WriteAsync(SupervisorFixture.Sleeper("agent"), SupervisorFixture.Shell("witness", "echo x >>beats"));
        _host.Supervise();
        var pid = await _host.PidAsync("agent");

        if (content is null) File.Delete(_host.RunFile("host.json"));
        else await File.WriteAllTextAsync(_host.RunFile("host.json"), content);
        var beats = _host.Lines("beats").Length;
        await Until.TrueAsync(() => _host.Lines("beats").Length >= beats + 3, "the witness is restarted");

        Assert.Equal(pid, _host.Control.Pid("agent"));
    }

    [Fact]
    public async Task Second_supervisor_of_a_data_directory_gives_up_at_once()
    {
        await _host.WriteAsync(SupervisorFixture.Sleeper("agent"));
        _host.Supervise();
        await _host.PidAsync("agent");
        Assert.False(await _host.NewSupervisor().RunAsync(None).WaitAsync(SupervisorFixture.Limit));
        Assert.NotNull(_host.Control.Pid("agent"));
    }

    [Fact]
    public async Task End_of_the_supervisor_ends_roles_in_reverse_order_each_after_the_other()
    {
        static HostRole Role(string name) =>
            SupervisorFixture.Shell(name, $"trap 'echo {name} >>order; exit 0' TERM; echo x >>{name}.up; while :; do sleep 0.05; done");
        await _host.WriteAsync(Role("consul"), Role("manager"), Role("agent"));
        _host.Supervise();
        foreach (var name in new[] { "consul", "manager", "agent" })
            await Until.TrueAsync(() => _host.Lines(name + ".up").Length > 0, $"{name} is up");

        Assert.True(await _host.EndAsync());

        Assert.Equal(["agent", "manager", "consul"], _host.Lines("order"));
        Assert.Empty(Directory.GetFiles(_host.Paths.RunDirectory, "*.p*"));
    }

    [Fact]
    public async Task Child_that_ignores_the_signal_is_killed_with_its_group_after_its_limit()
    {
        const string Script = "trap '' TERM; sleep 1000 & echo $! >child; while :; do sleep 0.05; done";
        await _host.WriteAsync(SupervisorFixture.Shell("agent", Script) with { StopSeconds = 1 });
        _host.Supervise();
        await _host.PidAsync("agent");
        await Until.TrueAsync(() => _host.Lines("child").Length == 1, "its own child is up");
        var child = ProcessIdentity.Of(int.Parse(_host.Lines("child")[0]));
        Assert.NotNull(child);

        Assert.True(await _host.EndAsync().WaitAsync(SupervisorFixture.Limit));

        Assert.Null(_host.Control.Pid("agent"));
        await Until.TrueAsync(() => !child.IsAlive(), "its own child is gone");
    }

    [Fact]
    public async Task Commands_before_the_start_run_unread_by_a_shell_and_a_failing_one_delays_the_start()
    {
        var role = SupervisorFixture.Shell("consul", "echo up >>up; exec sleep 1000") with
        {
            Before = [["touch", "it's; touch $(hacked)"], ["test", "-e", "gate"]],
        };
        await _host.WriteAsync(role);
        _host.Supervise();
        await Until.TrueAsync(() => File.Exists(_host.File("it's; touch $(hacked)")), "the first command ran");
        Assert.Empty(_host.Lines("up"));

        await File.WriteAllTextAsync(_host.File("gate"), "");

        await Until.TrueAsync(() => _host.Lines("up").Length == 1, "it is up");
    }

    [Fact]
    public async Task Program_that_does_not_exist_is_tried_again_when_it_appears()
    {
        await _host.WriteAsync(new HostRole { Name = "agent", Command = [_host.File("program")] });
        _host.Supervise();
        await Until.TrueAsync(() => File.Exists(Path.Combine(_host.Paths.LogDirectory, "agent.out")), "a first try was made");
        await AtomicFile.WriteTextAsync(
            _host.File("program"), "#!/bin/sh\nexec sleep 1000\n", FileModes.Private | UnixFileMode.UserExecute, None);
        await _host.PidAsync("agent");
        await Until.TrueAsync(() => Cmdline(_host.Control.Pid("agent")).StartsWith("sleep", StringComparison.Ordinal), "the program runs");
    }

    [Fact]
    public async Task Output_is_capped_while_the_child_goes_on_writing()
    {
        await _host.WriteAsync(SupervisorFixture.Shell("agent", "while :; do echo 0123456789; sleep 0.001; done"));
        _host.Supervise();
        var output = Path.Combine(_host.Paths.LogDirectory, "agent.out");
        await Until.TrueAsync(() => File.Exists(output + ".1"), "an older file exists");
        var pid = _host.Control.Pid("agent");
        await Until.TrueAsync(() => new FileInfo(output).Length is > 0 and < 4096, "the newer file grows from its beginning");
        Assert.StartsWith("0123456789", (await File.ReadAllTextAsync(output)).TrimStart('\n'));
        Assert.Equal(pid, _host.Control.Pid("agent"));
    }

    private static string Cmdline(int? pid)
    {
        try
        {
            return pid is null ? "" : File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
