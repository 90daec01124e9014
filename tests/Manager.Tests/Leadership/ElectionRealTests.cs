// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Shared.Tests.Consul;

namespace ClusterManager.Manager.Tests.Leadership;

/// <summary>Three Consul servers, whose own leader dies under a manager that leads.</summary>
[Trait("Category", "Real")]
public sealed class ElectionRealTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Consuls_own_election_does_not_end_the_term()
    {
        await using var cluster = await ConsulCluster.StartAsync("mgrelect");
        var leader = await cluster.FindLeaderAsync();
        var follower = cluster.Servers.First(server => server != leader);
        await using var seat = new Seat(follower.HttpAddress, 1);
        await seat.WriteBootstrapAsync();
        var term = await seat.Start().LeadsAsync();
        Assert.IsType<MutationResult.Accepted>(await CreateAsync(term.Engine, "before"));

        leader.Kill();
        Assert.IsType<MutationResult.Accepted>(await CreateAsync(term.Engine, "during"));
        Assert.IsType<MutationResult.Accepted>(await CreateAsync(term.Engine, "after"));
        Assert.Same(term, seat.Term);
        Assert.Equal(["after", "before", "during"], term.Engine.Snapshots.Current.Tokens.Keys);
        await Until.TrueAsync("the fence is fresh again", Soon, () => Task.FromResult(term.Fence.IsFresh), () => seat.Log.Text);
    }

    private static Task<MutationResult> CreateAsync(Manager.Engine.EngineLoop engine, string id) =>
        engine.SubmitAsync(States.CreateToken(id), CancellationToken.None).WaitAsync(Soon);
}
