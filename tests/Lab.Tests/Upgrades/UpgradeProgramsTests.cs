// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Upgrades;

/// <summary>Another version of our programs, host by host, and back.</summary>
[Collection(ThreeManagers.Name)]
public sealed class UpgradeProgramsTests(ThreeManagersFixture fixture) : LabTest(fixture)
{
    [Fact]
    public async Task An_upgrade_and_the_way_back_touch_no_container_and_cost_no_request()
    {
        var before = await RunServiceAsync("web", 3);
        var own = Path.Combine(Lab.Directory, "bin");
        var other = Directory.CreateDirectory(Path.Combine(Lab.Directory, "other")).FullName;
        Assert.NotEqual(await OtherVersion.OfAsync(own), await OtherVersion.CopyAsync(own, other));

        await using var requests = new Requests(await NamedAsync("web", 3));
        foreach (var programs in new[] { other, own })
        {
            foreach (var host in Lab.Hosts) await UpgradeAsync(host, programs);
            await AllRunAsync(await OtherVersion.OfAsync(programs));
            await WellAsync();
            Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
        }

        Assert.True(requests.Done > 100, $"{requests.Done} requests");
        Assert.Empty(requests.Failures);
        (await Lab.ClusterAsync("scale web=4")).Expect(0);
        Assert.Superset(Lives(before).ToHashSet(), Lives(await RunningAsync("web", 4)).ToHashSet());
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("manager")]
    public async Task Systemd_is_told_when_a_process_is_at_work_that_it_goes_on_and_that_it_ends(string role)
    {
        await Lab.TellAsync("stop", "h2", role);
        var path = Path.Combine(Lab.Directory, $"{role}.notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        await using var process = Lab.Start(
            "h2", "env", $"NOTIFY_SOCKET={path}", "WATCHDOG_USEC=1000000", $"{Lab.Directory}/bin/cluster-{role}", "--data-dir",
            Lab.DataOf("h2"));
        Assert.Equal("READY=1", Receive(systemd));
        Assert.Equal("WATCHDOG=1", Receive(systemd));
        Assert.Equal("WATCHDOG=1", Receive(systemd));
        process.Interrupt();
        string last;
        do last = Receive(systemd);
        while (last == "WATCHDOG=1");
        Assert.Equal("STOPPING=1", last);
        (await process.EndAsync(TimeSpan.FromSeconds(20))).Expect(0);
        await Lab.TellAsync("start", "h2", role);
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[100];
        return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
    }

    private async Task UpgradeAsync(string host, string programs)
    {
        string[] command = [$"{programs}/cluster", "host", "upgrade", "--data-dir", Lab.DataOf(host)];
        var consul = await Lab.PidAsync(host, "consul");
        (await Lab.RunAsync(TimeSpan.FromMinutes(3), host, command)).Expect(0).ExpectText("2 replaced");
        Assert.Equal(consul, await Lab.PidAsync(host, "consul"));
        (await Lab.RunAsync(host, command)).Expect(0).ExpectText("already");
    }

    private async Task AllRunAsync(string version)
    {
        var nodes = (await Lab.ClusterAsync("node ls -o json")).Expect(0).Json();
        Assert.All(nodes.EnumerateArray(), node => Assert.Equal(version, node.GetProperty("agentVersion").GetString()));
        foreach (var host in Lab.Hosts)
        {
            var status = await Lab.RunAsync(host, "cluster", "host", "status", "--data-dir", Lab.DataOf(host), "-o", "json");
            var roles = status.Expect(0).Json().EnumerateArray().ToDictionary(
                row => row.GetProperty("name").GetString()!, row => row.GetProperty("version").GetString());
            foreach (var role in (string[])["supervisor", "manager", "agent"]) Assert.Equal(version, roles[role]);
        }
    }
}
