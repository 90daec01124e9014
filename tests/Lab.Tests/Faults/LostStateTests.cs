// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Faults;

/// <summary>Consul has lost all it knew. One test, since its cluster is lost afterwards.</summary>
public sealed class LostStateTests(LostStateFixture fixture) : LabTest(fixture), IClassFixture<LostStateFixture>
{
    [Fact]
    public async Task An_empty_consul_makes_no_agent_delete_anything_and_the_message_says_what_to_do()
    {
        var before = await RunServiceAsync("precious", 2);
        await Lab.TellAsync("stop", "h1", "manager");
        await Lab.TellAsync("stop", "h1", "consul");
        Directory.Delete(Path.Combine(Lab.DataOf("h1"), "consul", "data"), recursive: true);
        await Lab.TellAsync("start", "h1", "consul");
        await Lab.TellAsync("start", "h1", "manager");

        await Eventually.HoldsAsync("the manager says what to do", 30, ManagerLogAsync, log => log.Contains("cluster recover", StringComparison.Ordinal));
        await Eventually.StaysAsync("nothing is touched", 5, () => RunningNowAsync("precious"), now => Lives(now).SequenceEqual(Lives(before)));
    }

    /// <summary>There is no cluster any more that could be cleaned up.</summary>
    public override Task DisposeAsync() => Task.CompletedTask;

    private async Task<string> ManagerLogAsync()
    {
        var status = await Lab.ClusterAsync("status");
        var logs = Directory.GetFiles(Path.Combine(Lab.DataOf("h1"), "log"), "*manager*");
        return status.Text + string.Concat(logs.Select(File.ReadAllText));
    }
}
