// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Shared.Tests.Hosting.Processes;

/// <summary>With a supervisor in a process of its own, as the command line starts it.</summary>
public sealed class HostControlTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly SupervisorFixture _host = new();

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Children_of_a_killed_supervisor_run_on_and_its_successor_adopts_them()
    {
        await _host.WriteAsync(SupervisorFixture.Sleeper("consul"), SupervisorFixture.Sleeper("agent"));
        var supervisor = await StartSupervisorAsync();
        int consul = await _host.PidAsync("consul"), agent = await _host.PidAsync("agent");

        Assert.Equal(0, NativeMethods.Kill(supervisor, NativeMethods.SignalKill));
        await Until.TrueAsync(() => _host.Control.SupervisorPid is null, "the supervisor is gone");
        Assert.Equal((consul, agent), (_host.Control.Pid("consul"), _host.Control.Pid("agent")));

        Assert.NotEqual(supervisor, await StartSupervisorAsync());
        var adopted = $"Adopted agent, which runs as process {agent}";
        await Until.TrueAsync(() => Log().Contains(adopted, StringComparison.Ordinal), "agent is adopted");
        Assert.Equal((consul, agent), (_host.Control.Pid("consul"), _host.Control.Pid("agent")));

        // The adopted one is watched like a child of its own.
        Assert.Equal(0, NativeMethods.Kill(agent, NativeMethods.SignalKill));
        await _host.PidAsync("agent", agent);
        Assert.Equal(consul, _host.Control.Pid("consul"));

        Assert.True(await _host.Control.StopSupervisorAsync(SupervisorFixture.Limit, None));
        Assert.Null(_host.Control.Pid("consul"));
        Assert.Null(_host.Control.Pid("agent"));
    }

    [Fact]
    public async Task A_role_that_was_stopped_by_hand_runs_again_once_it_is_allowed_to()
    {
        await _host.WriteAsync(SupervisorFixture.Sleeper("consul"));
        await StartSupervisorAsync();
        await _host.PidAsync("consul");
        Assert.True(await _host.Control.StopAsync("consul", SupervisorFixture.Limit, None));
        Assert.True(await _host.Control.StopSupervisorAsync(SupervisorFixture.Limit, None));

        _host.Control.Allow("consul");
        Assert.False(_host.Control.Status("consul").IsStopped);
        await StartSupervisorAsync();
        Assert.NotEqual(0, await _host.PidAsync("consul"));
    }

    [Fact]
    public async Task Another_process_with_the_number_in_the_pid_file_is_neither_adopted_nor_signalled()
    {
        await _host.WriteAsync(SupervisorFixture.Sleeper("agent"));
        using var stranger = System.Diagnostics.Process.Start("sleep", "1000");
        var real = ProcessIdentity.Of(stranger.Id)!;
        await File.WriteAllTextAsync(_host.RunFile("agent.pid"), $"{real.Pid}\n");
        var fields = string.Join(' ', Enumerable.Repeat(0, 18));
        await File.WriteAllTextAsync(
            _host.RunFile("agent.proc"), $"{real.BootId}\n{real.Pid} (sleep) S {fields} {real.StartTicks - 1} 0\n");
        try
        {
            Assert.Null(_host.Control.Pid("agent"));
            _host.Supervise();
            Assert.NotEqual(real.Pid, await _host.PidAsync("agent"));
            Assert.True(await _host.EndAsync());
            Assert.True(real.IsAlive());
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Fact]
    public async Task Start_is_repeatable_and_restart_runs_what_the_file_says_now()
    {
        await _host.WriteAsync(SupervisorFixture.Shell("agent", "echo old >>runs; exec sleep 1000"));
        var supervisor = await StartSupervisorAsync();
        Assert.Equal(supervisor, await StartSupervisorAsync());
        var first = await _host.PidAsync("agent");
        await Until.TrueAsync(() => _host.Lines("runs").Length == 1, "the first run");

        await _host.WriteAsync(SupervisorFixture.Shell("agent", "echo new >>runs; exec sleep 1000"));
        Assert.True(await _host.Control.RestartAsync("agent", SupervisorFixture.Limit, None));

        Assert.NotEqual(first, _host.Control.Pid("agent"));
        await Until.TrueAsync(() => _host.Lines("runs").Length == 2, "the second run");
        var runs = _host.Lines("runs");
        Assert.Equal("old", runs[0]);
        Assert.Equal("new", runs[1]);
        Assert.False(File.Exists(_host.RunFile("agent.restart")));
        var status = Assert.Single(await _host.Control.StatusAsync(None));
        Assert.True(status is { IsRunning: true, IsStopped: false, StartedAt: not null });
    }

    [Fact]
    public async Task Waits_are_bounded_when_there_is_no_supervisor()
    {
        var limit = TimeSpan.FromMilliseconds(50);
        Assert.False(await _host.Control.StartAsync("agent", limit, None));
        Assert.False(await _host.Control.RestartAsync("agent", limit, None));
        Assert.True(await _host.Control.StopAsync("agent", limit, None));
        Assert.True(await _host.Control.StopSupervisorAsync(limit, None));
        Assert.Null(await _host.Control.StartSupervisorAsync(["/bin/false"], limit, None));
        Assert.Empty(await _host.Control.StatusAsync(None));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("supervisor")]
    [InlineData("")]
    public void Name_that_is_no_role_is_refused(string name) => Assert.Throws<ArgumentException>(() => _host.Control.Pid(name));

    private async Task<int> StartSupervisorAsync()
    {
        var dotnet = Path.GetFileName(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        string[] command = [dotnet, typeof(SupervisorProgram).Assembly.Location, _host.Paths.Root];
        var pid = await _host.Control.StartSupervisorAsync(command, SupervisorFixture.Limit, None);
        Assert.True(pid is not null, "The supervisor did not start: " + Log());
        return pid.Value;
    }

    private string Log()
    {
        var file = Path.Combine(_host.Paths.LogDirectory, "supervisor.out");
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }
}
