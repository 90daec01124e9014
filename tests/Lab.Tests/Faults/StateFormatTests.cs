// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Faults;

/// <summary>The state was written by a program that is newer than the managers that are there.</summary>
[Collection(Hostile.Name)]
public sealed class StateFormatTests(HostileFixture fixture) : LabTest(fixture)
{
    private const string Url = "http://127.0.0.1:8500/v1/kv/cm/v1/meta";

    [Fact]
    public async Task A_state_of_a_newer_format_is_refused_nothing_is_touched_and_it_goes_on_with_one_that_it_can_read()
    {
        var before = await RunServiceAsync("web", 3);
        var endpoints = await NamedAsync("web", 3);
        var scene = await FaultScene.OfAsync(Lab, "web");
        var token = (await File.ReadAllTextAsync(Path.Combine(Lab.DataOf("h1"), "manager", "consul.token"))).Trim();
        var file = Path.Combine(Lab.Directory, "meta.value");
        (await CurlAsync(token, "-o", file, $"{Url}?raw")).Expect(0);
        var value = await File.ReadAllBytesAsync(file);
        try
        {
            // The first byte is the format.
            await PutAsync(token, file, [(byte)(value[0] + 1), .. value[1..]]);
            await Lab.KillProgramAsync("h1", "manager");
            await Eventually.HoldsAsync("the manager says what to do", 30, () => Lab.LogAsync("h1", "cluster-manager"), log =>
                log.Contains("upgrade this manager", StringComparison.Ordinal));
            (await Lab.ClusterAsync("service ls")).Expect(7);
            await Eventually.StaysAsync(
                "nothing is touched", 3, () => RunningNowAsync("web"), now => Lives(now).SequenceEqual(Lives(before)), everySeconds: 0.5);
            Assert.Equal(endpoints, await Lab.ResolveAsync("web", "h2"));
        }
        finally
        {
            await PutAsync(token, file, value);
        }

        await WellAsync();
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
        Assert.Equal(endpoints, await Lab.ResolveAsync("web", "h2"));
        await scene.RecordAsync(
            "the state is of a newer format than the manager reads", "exit code 7; 'upgrade this manager' in cluster-manager.log");
    }

    private async Task PutAsync(string token, string file, byte[] value)
    {
        await File.WriteAllBytesAsync(file, value);
        (await CurlAsync(token, "-X", "PUT", "--data-binary", $"@{file}", Url)).Expect(0).ExpectText("true");
    }

    private Task<CommandResult> CurlAsync(string token, params string[] more) =>
        Lab.RunAsync("h1", ["curl", "-fsS", "-H", $"X-Consul-Token: {token}", .. more]);
}
