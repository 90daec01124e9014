// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Faults;

/// <summary>A machine is dead when both witnesses say so: its agent's session and Consul's gossip. One alone moves nothing.</summary>
[Collection(OneManager.Name)]
public sealed class WitnessTests(OneManagerFixture fixture) : LabTest(fixture)
{
    // An agent may be away for 60 s; a machine of which both witnesses are gone is given up within 5.
    private static readonly double Seconds = Environment.GetEnvironmentVariable("CLUSTER_TEST_LONG") == "1" ? 50 : 8;

    [Fact]
    public async Task A_machine_that_one_witness_still_hears_keeps_its_replicas()
    {
        var before = await RunServiceAsync("web", 3);
        await NamedAsync("web", 3);
        await Task.WhenAll(Lab.TellAsync("stop", "h2", "agent"), Lab.TellAsync("stop", "h3", "consul"));

        await Eventually.HoldsAsync("its agent is said to be away", 10, () => Lab.ClusterAsync("status"),
            status => status.ExitCode == 1 && status.Text.Contains("its agent is away", StringComparison.Ordinal));
        await Eventually.StaysAsync(
            "nothing moves", Seconds, () => RunningNowAsync("web"), now => Lives(now).SequenceEqual(Lives(before)));
        var nodes = (await Lab.ClusterAsync("node ls -o json")).Expect(0).Json();
        Assert.DoesNotContain(nodes.EnumerateArray(), node => node.GetProperty("state").GetString() == "down");

        await Lab.TellAsync("start", "h2", "agent");
        await Lab.TellAsync("start", "h3", "consul");
        await WellAsync();
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
        await NamedAsync("web", 3, seconds: 20);
    }

    [Fact]
    public async Task A_frozen_agent_moves_nothing_and_goes_on_where_it_was()
    {
        var before = await RunServiceAsync("web", 3);
        var pid = (await Lab.PidAsync("h2", "agent"))!.Value;
        (await Lab.LocalAsync("kill", "-STOP", $"{pid}")).Expect(0);
        try
        {
            await Eventually.HoldsAsync("its agent is said to be away", 10, () => Lab.ClusterAsync("status"),
                status => status.Text.Contains("its agent is away", StringComparison.Ordinal));
        }
        finally
        {
            await Lab.LocalAsync("kill", "-CONT", $"{pid}");
        }

        await WellAsync();
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
    }
}
