// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Services;

/// <summary>Logs of all replicas, merged.</summary>
[Collection(OneManager.Name)]
public sealed class LogTests(OneManagerFixture fixture) : LabTest(fixture)
{
    private const string FirstLine = "listens on port 8080";

    [Fact]
    public async Task Logs_of_all_replicas_are_merged_with_their_names()
    {
        await RunServiceAsync("talks", 3);
        var log = (await Lab.ClusterAsync("logs talks")).Expect(0).ExpectText("talks.1", "talks.2", "talks.3");
        Assert.Equal(3, log.Lines.Count(line => line.Contains(FirstLine, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Since_leaves_out_what_is_older_and_tail_keeps_the_last_lines()
    {
        await RunServiceAsync("quiet", 1);
        Assert.NotEmpty((await Lab.ClusterAsync("logs quiet --since 10m")).Expect(0).Lines);
        await Eventually.HoldsAsync(
            "its first line is older than a second", 10, () => Lab.ClusterAsync("logs quiet --since 1s"), log =>
                log.ExitCode == 0 && log.Lines.Count == 0);
        Assert.Single((await Lab.ClusterAsync("logs quiet --tail 1")).Expect(0).Lines);
    }

    [Fact]
    public async Task Follow_shows_what_a_replica_says_after_its_restart()
    {
        var container = Assert.Single(await RunServiceAsync("spoken", 1));
        await using var follow = Lab.Start("h1", "cluster", "logs", "spoken", "--follow");
        await Eventually.TrueAsync("the past is shown", 10, () => Task.FromResult(Said(follow) == 1));
        await Lab.KillAsync(container.Pid);
        await Eventually.TrueAsync("the present is shown", 15, () => Task.FromResult(Said(follow) == 2));
        Assert.True(follow.IsRunning);
    }

    private static int Said(RunningCommand follow) => follow.Lines.Count(line => line.Contains(FirstLine, StringComparison.Ordinal));
}
