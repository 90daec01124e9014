// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary>Releases of stacks: what is waited for, told, and how the command ends.</summary>
public sealed class StackTests
{
    [Fact]
    public async Task A_release_that_went_back_ends_with_code_4_and_names_who_failed_and_the_others()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.StackRollbackRequest _) => new V1.DeployResponse
        {
            Release = 7, Services = { Script.Applied("shop/api", 2), Script.Applied("shop/db", 2), Script.Applied("shop/web", 1) },
        });
        Send(cluster, Release(V1.ReleaseState.Applying, V1.ReleaseMemberState.Applied, V1.ReleaseMemberState.Waiting),
            Script.Service("shop/db", 2, V1.RolloutState.Succeeded, 1, 1), Script.Service("shop/api", 2, V1.RolloutState.Running, 1));
        Send(cluster, Release(V1.ReleaseState.RollingBack, V1.ReleaseMemberState.Returning, V1.ReleaseMemberState.Waiting),
            Script.Service("shop/db", 3, V1.RolloutState.Running, 1, 1), Script.Service("shop/api", 2, V1.RolloutState.RolledBack, 1, 1));
        Send(cluster, Release(V1.ReleaseState.RolledBack, V1.ReleaseMemberState.Returned, V1.ReleaseMemberState.Waiting),
            Script.Service("shop/db", 3, V1.RolloutState.Succeeded, 1, 1), Script.Service("shop/api", 2, V1.RolloutState.RolledBack, 1, 1));
        var cli = new CliRun(cluster.Address);
        Assert.Equal(4, await cli.RunAsync("stack rollback shop --to 3"));
        Assert.Equal(3, Assert.Single(cluster.Asked<V1.StackRollbackRequest>()).ToRelease);
        foreach (var text in new[]
        {
            "shop/web waits for api", "release 7 of shop goes back, since api failed", "shop/db is as before",
            "Rollback of shop FAILED and was rolled back after", "All services are as before.", "  service   shop/api",
            "it ended with exit code 3", "db back to what ran before", "web not touched: the turn did not come",
        }) Assert.Contains(text, cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(V1.ReleaseState.Succeeded, 0)]
    [InlineData(V1.ReleaseState.Failed, 1)]
    [InlineData(V1.ReleaseState.RollbackFailed, 1)]
    [InlineData(V1.ReleaseState.Superseded, 8)]
    public async Task Each_verdict_has_its_code(V1.ReleaseState state, int code)
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.StackRollbackRequest _) => new V1.DeployResponse { Release = 7, Services = { Script.Applied("shop/db", 2) } });
        var release = Release(state, V1.ReleaseMemberState.Applied, V1.ReleaseMemberState.Waiting);
        if (state == V1.ReleaseState.Succeeded) (release.Failed, release.Reason) = ("", null);
        Send(cluster, release, Script.Service("shop/db", 2, V1.RolloutState.Succeeded, 1, 1));
        Assert.Equal(code, await new CliRun(cluster.Address).RunAsync("stack rollback shop"));
    }

    [Fact]
    public async Task The_history_names_revisions_and_short_digests()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var release = Release(V1.ReleaseState.RolledBack, V1.ReleaseMemberState.Returned, V1.ReleaseMemberState.Waiting);
        release.Members[1].Digest = "sha256:0123456789abcdef0123";
        cluster.On((V1.StackHistoryRequest r) => new V1.StackHistory { Stack = r.Stack, Releases = { release } });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("stack history shop"));
        Assert.Contains("db:2@0123456789ab", cli.Out, StringComparison.Ordinal);
        Assert.Contains("rolled-back", cli.Out, StringComparison.Ordinal);
        cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("stack history shop -o json"));
        Assert.Contains("\"digest\":\"sha256:0123456789abcdef0123\"", cli.Out.Replace(": ", ":", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    private static V1.ReleaseStatus Release(V1.ReleaseState state, V1.ReleaseMemberState db, V1.ReleaseMemberState web) => new()
    {
        Stack = "shop", Number = 7, State = state, Actor = "olga", CreatedUnixMs = 1, Failed = "api",
        Reason = Script.Reason(ReasonCode.Exited, "it ended with exit code 3"),
        Members =
        {
            new V1.ReleaseMember { Name = "api", State = V1.ReleaseMemberState.Returned, Revision = 2, Rollout = 2 },
            new V1.ReleaseMember { Name = "db", State = db, Revision = 2, Rollout = 2 },
            new V1.ReleaseMember { Name = "web", State = web, WaitsFor = state == V1.ReleaseState.Applying ? "api" : "" },
        },
    };

    private static void Send(FakeCluster cluster, V1.ReleaseStatus release, params V1.ServiceStatus[] services)
    {
        var snapshot = Script.Snapshot(services);
        snapshot.Release = release;
        if (services.All(one => one.Name.Name != "web")) snapshot.Missing.Add(Script.Name("shop/web"));
        cluster.Snapshots.Writer.TryWrite(snapshot);
    }
}
