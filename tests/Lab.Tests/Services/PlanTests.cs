// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Services;

/// <summary>What a change would do, whether it may still be done, and what somebody did to containers behind the cluster's back.</summary>
[Collection(OneManager.Name)]
public sealed class PlanTests(OneManagerFixture fixture) : LabTest(fixture)
{
    [Fact]
    public async Task A_plan_is_carried_out_as_it_was_shown_or_refused_when_something_moved()
    {
        var before = await RunServiceAsync("web", 2);
        var change = $"web --image {Image("2-hc")}";
        var plan = (await Lab.ClusterAsync($"plan {change} -o json")).Expect(0).Json().EnumerateArray().Single();
        var id = plan.GetProperty("id").GetString();
        Assert.Equal(Lives(before), Lives(await RunningAsync("web", 2)));

        (await Lab.ClusterAsync("scale web=3")).Expect(0);
        (await Lab.ClusterAsync($"update {change} --plan {id}")).Expect(8).ExpectText("web");
        (await Lab.ClusterAsync("scale web=2")).Expect(0);
        var again = (await Lab.ClusterAsync($"plan {change} -o json")).Expect(0).Json().EnumerateArray().Single();
        (await Lab.ClusterAsync($"update {change} --plan {again.GetProperty("id").GetString()}")).Expect(0);
        Assert.Equal(["2", "2"], await Task.WhenAll((await NamedAsync("web", 2)).Select(VersionAsync)));
        (await Lab.ClusterAsync("diff web --from 1")).Expect(0).ExpectText("image");
    }

    [Fact]
    public async Task Containers_of_both_engines_are_as_they_should_be_until_somebody_changes_one_by_hand()
    {
        var web = await RunServiceAsync("web", 3, "-p 8080 --env GREETING=hello --limit-memory 64m --limit-cpu 0.5");
        (await Lab.ClusterAsync("drift")).Expect(0);
        var one = web[0];
        (await Lab.DockerAsync(one.Host, "update", "--memory", "96m", "--memory-swap", "96m", one.Id)).Expect(0);
        (await Lab.ClusterAsync("drift web")).Expect(1).ExpectText("memory").ExpectText(one.Host);
        (await Lab.ClusterAsync("update web --force")).Expect(0);
        (await Lab.ClusterAsync("drift web")).Expect(0);
    }
}
