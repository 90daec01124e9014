// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;
using ClusterManager.Tests.Support;

namespace ClusterManager.Lab.Tests.Joining;

/// <summary>Bare hosts on which things happen at the same moment that should happen one after the other.</summary>
public sealed class TwoAtOnceFixture() : BareFixture(7, 3);

/// <summary>Two at once: managers, clusters; and a machine that has a Consul of its own.</summary>
[Trait("Category", "Lab")]
public sealed class TwoAtOnceTests(TwoAtOnceFixture fixture) : IClassFixture<TwoAtOnceFixture>
{
    private Harness.Lab Lab => fixture.Lab;

    [Fact]
    public async Task Of_two_managers_at_once_none_harms_the_other()
    {
        // A machine with a Consul of its own is left as it is.
        await using (Lab.Start("h3", BareFixture.ConsulProgram, "agent", "-dev", "-bind", Lab.AddressOf("h3")))
        {
            await Eventually.HoldsAsync(
                "the stranger's Consul answers", 20, () => Lab.RunAsync("h3", "curl", "-s", "http://127.0.0.1:8500/v1/status/leader"),
                answer => answer.Output.Contains(":8300", StringComparison.Ordinal));
            (await fixture.InitAsync("h3")).Expect(1).ExpectText("Consul", "8500", "already", "left as it is");
            Assert.False(File.Exists(Path.Combine(Lab.DataOf("h3"), "node.json")));
            FaultTable.Record(
                "init on a machine with a Consul of its own", "refused with exit code 1, which says whose Consul it is and what to do",
                "no cluster", File.Exists(Path.Combine(Lab.DataOf("h3"), "run", "host.json")) ? "begun" : "no cluster", "none was started");
        }

        // Two machines that each begin a cluster have two, and neither takes the other's token.
        var inits = await Task.WhenAll(fixture.InitAsync("h1"), fixture.InitAsync("h2"));
        foreach (var init in inits) init.Expect(0);
        var token = await fixture.TokenOnAsync("h1", "--manager", "--uses", "5");
        (await fixture.JoinFirstAsync("h2", token, "--manager")).Expect(8);
        Assert.Equal(["h2"], await fixture.NodesAsync("h2"));
        Assert.Equal(["h1"], await fixture.NodesAsync("h1"));
        FaultTable.Record("init on two machines at once", "two clusters; join of one to the other ends with code 8", "h1 | h2",
            $"{string.Join(' ', await fixture.NodesAsync("h1"))} | {string.Join(' ', await fixture.NodesAsync("h2"))}", "all run on");

        // h2 begins anew; it and h3 join h1 as managers in the same moment.
        await Lab.TellAsync("kill", "h2");
        await Lab.TellAsync("start", "h2", "--wipe");
        var joins = await Task.WhenAll(
            fixture.JoinFirstAsync("h2", token, "--manager"), fixture.JoinFirstAsync("h3", token, "--manager"));
        foreach (var join in joins) join.Expect(0);
        await Eventually.HoldsAsync(
            "three managers, one leads", 60, () => fixture.ClusterAsync("h1", "node", "ls", "-o", "json"), nodes =>
                nodes.ExitCode == 0 && nodes.Json().EnumerateArray().Count(node => node.GetProperty("leader").GetBoolean()) == 1
                && nodes.Json().GetArrayLength() == 3);
        FaultTable.Record("two managers join at the same moment", "both are in; one leads (node ls)", "h1 h2 h3",
            string.Join(' ', await fixture.NodesAsync("h1")), "all run on");

        // A second process on a manager's data ends at once and says why; the first goes on.
        var manager = await Lab.PidAsync("h1", "manager");
        var second = await Lab.RunAsync("h1", BareFixture.Programs("cluster-manager"), "--data-dir", Lab.DataOf("h1"));
        second.Expect(1).ExpectText("another manager runs");
        (await Lab.RunAsync("h1", BareFixture.Programs("cluster-agent"), "--data-dir", Lab.DataOf("h1"))).Expect(1)
            .ExpectText("another agent runs");
        Assert.Equal(manager, await Lab.PidAsync("h1", "manager"));
        FaultTable.Record("a second manager, or agent, process with the same data", "exit code 1 and 'another manager runs with …'",
            "h1 h2 h3", string.Join(' ', await fixture.NodesAsync("h1")), "the first one runs on, the second ends");
    }
}
