// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Consul;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using ClusterManager.Shared.Tests.Consul;

namespace ClusterManager.Manager.Tests.Leadership;

/// <summary>Who leads, from what, and who does not, on a real Consul.</summary>
[Trait("Category", "Real")]
public sealed class LeadershipRealTests(ConsulFixture fixture) : IClassFixture<ConsulFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    public Task InitializeAsync() => fixture.ClearAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_first_manager_creates_the_cluster_and_leads()
    {
        await using var seat = await InitAsync();
        var state = (await seat.LeadsAsync()).Engine.Snapshots.Current;
        Assert.Equal(States.Cluster, state.Meta.Cluster);
        Assert.Equal("h1", Assert.Single(state.Nodes.Values).Name);
        Assert.False(File.Exists(seat.BootstrapPath));
        Assert.Equal(Seat.Canary, (await seat.Secrets.OpenAsync(SecretNames.CaKey, CancellationToken.None)).Reveal());
        var all = await fixture.Client.Kv.ListAsync(StateKeys.Root, ReadOptions.Consistent, CancellationToken.None);
        Assert.DoesNotContain(all.Value, entry => Encoding.Latin1.GetString(entry.Value).Contains(Seat.Canary, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Init_run_again_resumes_what_is_there()
    {
        var key = ClusterKey.Create();
        await using (var first = await InitAsync(key: key))
        {
            await CreateTokenAsync(first, "t1");
        }

        var meta = await fixture.IndexOfAsync(StateKeys.Meta);
        await using var again = await InitAsync(key: key);
        var state = (await again.LeadsAsync()).Engine.Snapshots.Current;
        Assert.True(state.Tokens.ContainsKey("t1"));
        Assert.Equal(meta, await fixture.IndexOfAsync(StateKeys.Meta));
        Assert.False(File.Exists(again.BootstrapPath));
        Assert.Equal(2, state.Version.Term);
    }

    [Fact]
    public async Task Without_a_cluster_in_Consul_and_without_init_nobody_leads()
    {
        await using var seat = new Seat(fixture.Address, 1).Start();
        await seat.SaysAsync("nothing is deleted on any node until then");
        Assert.Null(seat.Term);
        Assert.Equal(0UL, await fixture.IndexOfAsync(StateKeys.Meta));
    }

    [Fact]
    public async Task Another_clusters_state_is_not_led()
    {
        await using (var first = await InitAsync())
        {
            await first.LeadsAsync();
        }

        await using var stranger = new Seat(fixture.Address, 2, new ClusterId(99)).Start();
        await stranger.SaysAsync("this manager belongs to");
        Assert.Null(stranger.Term);
    }

    [Fact]
    public async Task An_older_life_of_the_state_is_not_led()
    {
        await using (var first = await InitAsync())
        {
            await first.LeadsAsync();
        }

        await using var newer = new Seat(fixture.Address, 2, incarnation: 2).Start();
        await newer.SaysAsync("this manager has seen 2");
        Assert.Null(newer.Term);
    }

    [Fact]
    public async Task A_damaged_state_is_not_led()
    {
        await using (var first = await InitAsync())
        {
            await first.LeadsAsync();
        }

        await fixture.Client.Kv.PutAsync(StateKeys.Node(ModelCluster.Id(7)), new byte[] { 9, 9 }, CancellationToken.None);
        await using var second = new Seat(fixture.Address, 2).Start();
        await second.SaysAsync("upgrade this manager");
        Assert.Null(second.Term);
    }

    [Fact]
    public async Task One_of_two_leads_and_the_other_takes_over_when_it_stops()
    {
        await using var first = await InitAsync();
        await first.LeadsAsync();
        await using var second = new Seat(fixture.Address, 2).Start();
        await second.SaysAsync("The leader is h1");
        Assert.Null(second.Term);
        await CreateTokenAsync(first, "t1");

        await first.StopAsync();
        var term = await second.LeadsAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(2, term.Number);
        Assert.True(term.Engine.Snapshots.Current.Tokens.ContainsKey("t1"));
    }

    [Fact]
    public async Task A_leader_that_hangs_is_replaced_within_4_seconds_and_writes_nothing_more()
    {
        await using var first = await InitAsync();
        var hung = await first.LeadsAsync();
        await using var second = new Seat(fixture.Address, 2).Start();
        await second.SaysAsync("The leader is h1");

        first.Handler.Freeze();
        var late = hung.Engine.SubmitAsync(States.CreateToken("late"), CancellationToken.None);
        var began = TimeProvider.System.GetTimestamp();
        var term = await second.LeadsAsync(TimeSpan.FromSeconds(4));
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(4));
        await CreateTokenAsync(second, "t2");
        Assert.False(hung.Fence.IsFresh);
        // Its lock is watched beside its loop: it is no leader any more though the loop still hangs.
        await Until.TrueAsync("the first is no leader", Soon, () => Task.FromResult(first.Term is null), () => first.Log.Text);

        first.Handler.Thaw();
        await Assert.ThrowsAsync<TermEndedException>(() => late.WaitAsync(Soon));
        Assert.Equal(0UL, await fixture.IndexOfAsync(StateKeys.Token("late")));
        Assert.Same(term, second.Term);
        Assert.Empty(first.HungReasons);
    }

    [Fact]
    public async Task A_loop_that_never_comes_back_ends_the_process()
    {
        await using var first = await InitAsync();
        await first.LeadsAsync();
        await using var second = new Seat(fixture.Address, 2).Start();
        await second.SaysAsync("The leader is h1");
        first.Handler.Freeze();
        await Until.TrueAsync("the process ends itself", Soon, () => Task.FromResult(first.HungReasons.Count == 1), () => first.Log.Text);
        Assert.Contains("did not end within 5 s", first.HungReasons[0], StringComparison.Ordinal);
        Assert.NotNull(second.Term);
    }

    [Fact]
    public async Task A_lost_answer_of_the_real_Consul_is_found_out()
    {
        await using var seat = await InitAsync();
        var term = await seat.LeadsAsync();
        foreach (var (id, lose) in new (string, Action)[] { ("t1", seat.Handler.LoseNextAnswer), ("t2", seat.Handler.LoseNextCall) })
        {
            var before = term.Engine.Snapshots.Current.Version.Number;
            lose();
            await CreateTokenAsync(seat, id);
            Assert.Equal(before + 1, term.Engine.Snapshots.Current.Version.Number);
        }

        Assert.Same(term, seat.Term);
        var stored = (await new StateReader(fixture.Client).LoadAsync(CancellationToken.None))!.Value.Stored;
        Assert.Equal(["t1", "t2"], stored.Tokens.Select(token => token.Id).Order());
        Assert.Equal(term.Engine.Snapshots.Current.Version, stored.Version);
    }

    [Fact]
    public async Task An_idle_leader_writes_nothing_and_keeps_its_check_passing()
    {
        await using var seat = await InitAsync();
        var term = await seat.LeadsAsync();
        await CreateTokenAsync(seat, "t1");
        // Whatever the first second of a term still has to commit.
        await Until.TrueAsync("a second passes", Soon, () => Task.FromResult(Age(term) > TimeSpan.FromSeconds(2)));
        var before = await fixture.IndexOfAsync(StateKeys.Version);
        await Until.TrueAsync("three more pass", Soon, () => Task.FromResult(Age(term) > TimeSpan.FromSeconds(5)));
        Assert.Equal(before, await fixture.IndexOfAsync(StateKeys.Version));
        Assert.True(term.Fence.IsFresh);
        var checks = await fixture.Client.Agent.GetChecksAsync(CancellationToken.None);
        Assert.Contains(checks.Values, check => check.ServiceName == "cluster-manager" && check.Status == CheckStatus.Passing);
    }

    [Fact]
    public async Task The_versions_of_a_term_are_above_all_earlier_ones()
    {
        var versions = new List<StateVersion>();
        for (var i = 1; i <= 3; i++)
        {
            await using var seat = i == 1 ? await InitAsync() : new Seat(fixture.Address, i).Start();
            var term = await seat.LeadsAsync();
            versions.Add(term.Engine.Snapshots.Current.Version);
            await CreateTokenAsync(seat, $"t{i}");
            versions.Add(term.Engine.Snapshots.Current.Version);
        }

        Assert.Equal(versions.Order(), versions);
        Assert.Equal(6, versions.Distinct().Count());
    }

    private static TimeSpan Age(Manager.Leadership.LeaderTerm term) =>
        TimeProvider.System.GetUtcNow() - term.Engine.Snapshots.Current.TermStartedAt;

    private static async Task CreateTokenAsync(Seat seat, string id)
    {
        var term = await seat.LeadsAsync();
        Assert.IsType<MutationResult.Accepted>(
            await term.Engine.SubmitAsync(States.CreateToken(id), CancellationToken.None).WaitAsync(Soon));
    }

    private async Task<Seat> InitAsync(ClusterKey? key = null)
    {
        var seat = new Seat(fixture.Address, 1, key: key);
        await seat.WriteBootstrapAsync();
        return seat.Start();
    }
}
