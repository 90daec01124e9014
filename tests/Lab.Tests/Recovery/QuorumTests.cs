// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;
using ClusterManager.Tests.Support;

namespace ClusterManager.Lab.Tests.Recovery;

/// <summary>Three Consul servers of which one, two, and all are lost; then a machine that is replaced.</summary>
[Collection(ThreeManagers.Name)]
public sealed class QuorumTests(ThreeManagersFixture fixture) : LabTest(fixture)
{
    [Fact]
    public async Task One_server_less_is_no_loss_two_less_is_a_clear_refusal_and_after_a_power_cut_containers_need_no_quorum()
    {
        await RunServiceAsync("web", 3);
        var desired = await DesiredState.OfAsync(Lab);
        await OneLostAsync(desired);
        await TwoLostAsync();
        await AllPowerCutAsync(desired);
    }

    [Fact]
    public async Task A_managers_machine_is_replaced_by_a_new_one_and_three_servers_vote_again()
    {
        await RunServiceAsync("web", 3);
        var desired = await DesiredState.OfAsync(Lab);
        await Lab.TellAsync("kill", "h3");
        await Eventually.HoldsAsync(
            "h3 is seen to be down", 30, () => Lab.ClusterAsync("node rm h3 --yes"), answer => answer.ExitCode == 0);
        await Lab.TellAsync("start", "h3", "--wipe");
        await fixture.VotersAsync();
        await WellAsync(60);
        FaultTable.Record(
            "a manager's machine is replaced", "NodeDown in cluster status", desired, await DesiredState.OfAsync(Lab),
            "the other managers run on; the new machine's manager and Consul server take part, three vote");
    }

    private async Task OneLostAsync(string desired)
    {
        await Lab.TellAsync("kill", "h3");
        await Eventually.HoldsAsync(
            "the other two take a change", 20, () => Lab.ClusterAsync("node label h1 lost=one"), answer => answer.ExitCode == 0);
        await RunningAsync("web", 3, 30);
        FaultTable.Record(
            "one of three Consul servers is lost", "NodeDown in cluster status", desired, await DesiredState.OfAsync(Lab),
            "managers and agents of the other hosts run on");
    }

    private async Task TwoLostAsync()
    {
        var before = (await RunningNowAsync("web")).Where(container => container.Host == "h1").ToList();
        await Lab.TellAsync("kill", "h2");
        // While the last leader still waits for its commit, nobody knows the outcome of a change (6); then nobody leads (7).
        await Eventually.HoldsAsync("nobody leads, and a change is refused", 60, RefusedAsync, answer => answer.ExitCode == 7);
        Assert.Superset(Lives(before).ToHashSet(), Lives(await Lab.ContainersAsync("default/web", "h1")).ToHashSet());
    }

    private double RefusedIn { get; set; }

    private async Task<CommandResult> RefusedAsync()
    {
        var asked = TimeProvider.System.GetTimestamp();
        var answer = await Lab.ClusterAsync("node label h1 lost=two");
        RefusedIn = TimeProvider.System.GetElapsedTime(asked).TotalSeconds;
        Assert.True(answer.ExitCode is 6 or 7, answer.ToString());
        Assert.True(RefusedIn < 15, $"a refusal took {RefusedIn} s");
        return answer;
    }

    private async Task AllPowerCutAsync(string desired)
    {
        var names = (await Lab.ContainersAsync("default/web", "h1")).Where(container => container.IsRunning).ToList();
        await Lab.TellAsync("kill", "h1");
        var watch = TimeProvider.System.GetTimestamp();
        await Lab.TellAsync("start", "h1");
        var up = await Eventually.HoldsAsync(
            "h1 runs what it had, alone, without any quorum", 30, () => Lab.ContainersAsync("default/web", "h1"), found =>
                found.Count(container => container.IsRunning) >= names.Count);
        var seconds = TimeProvider.System.GetElapsedTime(watch).TotalSeconds;
        Assert.NotEqual(0, (await Lab.ClusterAsync("service ls")).ExitCode);
        foreach (var host in new[] { "h2", "h3" }) await Lab.TellAsync("start", host);
        await WellAsync(90);
        await RunningAsync("web", 3, 30);
        FaultTable.Record(
            "two of three Consul servers are lost", "exit code 7: no manager leads", desired, await DesiredState.OfAsync(Lab),
            $"refused within {RefusedIn:0} s, containers run on, all go on with the quorum");
        FaultTable.Record(
            "the power of all hosts is cut at once", "exit code 7 until a quorum is back", desired, await DesiredState.OfAsync(Lab),
            $"containers up {seconds:0.0} s after the power, before any quorum; managers and agents by the supervisor");
        Assert.NotEmpty(up);
    }
}
