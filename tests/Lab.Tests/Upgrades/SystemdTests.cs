// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Upgrades;

/// <summary>The life of a machine with systemd: installed, in a cluster, a process lost, another version, removed.</summary>
[Trait("Category", "Real")]
public sealed class SystemdTests(SystemdMachine machine) : IClassFixture<SystemdMachine>
{
    private static readonly string[] Roles = ["consul", "manager", "agent"];
    private static readonly string Install = PackageFixture.Script("install.sh");

    [Fact]
    public async Task Systemd_keeps_the_processes_of_a_machine_over_crashes_and_upgrades_until_they_are_removed()
    {
        var begun = await machine.RunAsync(
            "sh", Install, "--from", machine.Release, "--consul-bin", SystemdMachine.Consul, "init", "--name", "m1", "--advertise",
            "127.0.0.1");
        begun.Expect(0).ExpectText("Nothing stands in the way", "created on m1");
        Assert.Equal(Roles, await RunningAsync());
        foreach (var role in Roles) Assert.Equal("enabled", await machine.ShowAsync(Unit(role), "UnitFileState"));

        await AKilledAgentIsStartedAgainAsync();
        await AStoppedAgentStaysStoppedAsync();
        await ARestartOfTheEngineTakesNothingAlongAsync();
        await AnotherVersionReplacesTheProcessesAsync();

        (await machine.RunAsync("sh", Install, "--uninstall", "--purge")).Expect(0);
        Assert.Equal("", (await machine.RunAsync("pgrep", "-a", "cluster|consul")).Output);
        (await machine.RunAsync("test", "-e", "/var/lib/cluster", "-o", "-e", "/usr/local/bin/cluster")).Expect(1);
        (await machine.RunAsync("systemctl", "cat", "cluster.target")).Expect(1);
    }

    private async Task AKilledAgentIsStartedAgainAsync()
    {
        var before = await PidAsync("agent");
        (await machine.RunAsync("systemctl", "kill", "--signal=KILL", "--kill-who=main", Unit("agent"))).Expect(0);
        await Eventually.HoldsAsync("another agent runs", 20, () => PidAsync("agent"), pid => pid is not null && pid != before);
        await WellAsync();
    }

    private async Task AStoppedAgentStaysStoppedAsync()
    {
        (await machine.RunAsync("cluster", "host", "stop", "agent")).Expect(0);
        (await machine.RunAsync("cluster", "host", "start")).Expect(0);
        Assert.Equal(["consul", "manager"], await RunningAsync());
        (await machine.RunAsync("cluster", "host", "start", "agent")).Expect(0);
        await WellAsync();
    }

    private async Task ARestartOfTheEngineTakesNothingAlongAsync()
    {
        var before = await Task.WhenAll(Roles.Select(PidAsync));
        (await machine.RunAsync("systemctl", "restart", "docker")).Expect(0);
        await WellAsync();
        Assert.Equal(before, await Task.WhenAll(Roles.Select(PidAsync)));
    }

    private async Task AnotherVersionReplacesTheProcessesAsync()
    {
        var consul = await PidAsync("consul");
        // Not below /tmp: the machine has one of its own.
        var target = Directory.CreateDirectory($"{machine.Folder}-other").FullName;
        try
        {
            var other = await OtherVersion.CopyAsync(machine.Release, target);
            (await machine.RunAsync("sh", Install, "--from", target)).Expect(0).ExpectText("2 replaced");
            var rows = (await machine.RunAsync("cluster", "host", "status", "-o", "json")).Expect(0).Json().EnumerateArray().ToArray();
            foreach (var row in rows.Where(row => row.GetProperty("name").GetString() != "consul"))
                Assert.Equal(other, row.GetProperty("version").GetString());
            Assert.Equal(consul, await PidAsync("consul"));
            await WellAsync();
        }
        finally
        {
            Directory.Delete(target, recursive: true);
        }
    }

    private static string Unit(string role) => $"cluster-{role}.service";

    private async Task WellAsync() => await Eventually.HoldsAsync(
        "all is well", 40, () => machine.RunAsync("cluster", "status"), status => status.ExitCode == 0);

    private async Task<string?> PidAsync(string role) => await machine.ShowAsync(Unit(role), "MainPID") is var pid and not "0" ? pid : null;

    private async Task<string[]> RunningAsync()
    {
        var status = (await machine.RunAsync("cluster", "host", "status", "-o", "json")).Expect(0).Json();
        return [.. status.EnumerateArray().Where(row => row.GetProperty("running").GetBoolean())
            .Select(row => row.GetProperty("name").GetString()!)];
    }
}
