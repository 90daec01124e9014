// SPDX-License-Identifier: Apache-2.0
using Xunit.Sdk;

namespace ClusterManager.Lab.Tests.Harness;

/// <summary>The harness itself, without any lab.</summary>
public sealed class HarnessTests
{
    [Fact]
    public void Srv_records_are_read_with_the_addresses_that_come_with_them()
    {
        const string answer = """
            web.service.consul.	0	IN	SRV	1 1 20001 0a4d000c.addr.dc1.consul.
            web.service.consul.	0	IN	SRV	1 1 20000 0a4d000b.addr.dc1.consul.
            0a4d000c.addr.dc1.consul. 0	IN	A	10.77.0.12
            0a4d000b.addr.dc1.consul. 0	IN	A	10.77.0.11
            ;; some comment
            h1.node.dc1.consul.	0	IN	TXT	"consul-network-segment="
            """;
        Assert.Equal([new Endpoint("10.77.0.11", 20000), new Endpoint("10.77.0.12", 20001)], Endpoint.ParseDig(answer));
    }

    [Fact]
    public void An_empty_answer_has_no_endpoint() => Assert.Empty(Endpoint.ParseDig("\n"));

    [Fact]
    public void A_hosts_status_is_read()
    {
        var host = HostStatus.Parse("h2    10.77.0.12      on    cut   28.5.2     supervisor consul agent");
        Assert.Equal(("h2", true, true), (host.Name, host.IsOn, host.IsCut));
        Assert.Equal(["engine", "supervisor", "consul", "agent"], host.Roles);
        Assert.Empty(HostStatus.Parse("h1    10.77.0.11      off   -     -          -").Roles);
    }

    [Fact]
    public async Task What_never_holds_fails_with_the_last_answer()
    {
        var failure = await Assert.ThrowsAsync<XunitException>(
            () => Eventually.HoldsAsync("never", 0.2, () => Task.FromResult(7), _ => false));
        Assert.Contains("last answer: 7", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_does_not_end_is_killed_at_its_deadline()
    {
        await using var command = RunningCommand.Start("sleep", ["60"], new Dictionary<string, string>(), "/");
        await Assert.ThrowsAsync<TimeoutException>(() => command.EndAsync(TimeSpan.FromMilliseconds(200)));
        await Eventually.TrueAsync("it is gone", 5, () => Task.FromResult(!command.IsRunning));
    }

    [Fact]
    public async Task A_commands_outputs_and_code_are_told_apart()
    {
        await using var command = RunningCommand.Start(
            "sh", ["-c", "echo out; echo err >&2; exit 7"], new Dictionary<string, string>(), "/");
        var result = await command.EndAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((7, "out\n", "err\n"), (result.ExitCode, result.Output, result.Error));
        Assert.Throws<XunitException>(() => result.Expect(0));
        Assert.Throws<XunitException>(() => result.ExpectText("nothing of the kind"));
    }
}
