// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Faults;

/// <summary>Consul has lost what it knew. One test, since its cluster is lost afterwards.</summary>
public sealed class LostStateTests(LostStateFixture fixture) : LabTest(fixture), IClassFixture<LostStateFixture>
{
    [Fact]
    public async Task An_empty_consul_makes_no_agent_delete_anything_and_the_message_says_what_to_do()
    {
        var before = await RunServiceAsync("precious", 2);
        await NamedAsync("precious", 2);

        // First only the cluster's keys are gone, as after a wrong `consul kv delete`: the managers' token is still good.
        var token = (await File.ReadAllTextAsync(Path.Combine(Lab.DataOf("h1"), "manager", "consul.token"))).Trim();
        (await Lab.RunAsync(
            "h1", "curl", "-fsS", "-X", "DELETE", "-H", $"X-Consul-Token: {token}", "http://127.0.0.1:8500/v1/kv/cm/?recurse")).Expect(0);
        await Eventually.HoldsAsync(
            "the manager says what to do", 30, ManagerLogAsync, log =>
                log.Contains("Consul lost its data, restore it", StringComparison.Ordinal));
        await UntouchedAsync(before, 3);

        // Then everything is.
        await Lab.TellAsync("stop", "h1", "manager");
        await Lab.TellAsync("stop", "h1", "consul");
        Directory.Delete(Path.Combine(Lab.DataOf("h1"), "consul", "data"), recursive: true);
        await Lab.TellAsync("start", "h1", "consul");
        await Lab.TellAsync("start", "h1", "manager");
        await UntouchedAsync(before, 8);

        // Not even an agent that starts anew now.
        await Lab.KillProgramAsync("h2", "agent");
        await Eventually.HoldsAsync("the agent runs again", 15, () => Lab.PidAsync("h2", "agent"), pid => pid is not null);
        await UntouchedAsync(before, 5);
    }

    /// <summary>There is no cluster any more that could be cleaned up.</summary>
    public override Task DisposeAsync() => Task.CompletedTask;

    private Task UntouchedAsync(IReadOnlyList<LabContainer> before, double seconds) =>
        Eventually.StaysAsync(
            "nothing is touched", seconds, () => RunningNowAsync("precious"), now => Lives(now).SequenceEqual(Lives(before)));

    private async Task<string> ManagerLogAsync() =>
        await File.ReadAllTextAsync(Path.Combine(Lab.DataOf("h1"), "log", "cluster-manager.log"));
}
