// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;

namespace ClusterManager.Shared.Tests.Consul;

[Collection(SingleConsulFixture.Collection)]
[Trait("Category", "Real")]
public sealed class SessionRealTests(SingleConsulFixture fixture)
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(1);
    private readonly ConsulClient _client = fixture.Client;

    [Fact]
    public async Task A_session_ends_with_its_check_and_the_lock_passes_on()
    {
        var session = await fixture.CreateSessionAsync("session-beat", Ttl);
        Assert.True(await _client.Kv.AcquireAsync("session/beat", "1"u8.ToArray(), session, default));
        var info = (await _client.Sessions.GetAsync(session, ReadOptions.Consistent, default)).Value!;
        Assert.Equal(SingleConsulFixture.NodeName, info.Node);
        Assert.Equal(TimeSpan.Zero, info.LockDelay);
        Assert.Equal("release", info.Behavior);
        Assert.Equal(["serfHealth"], info.NodeChecks);
        Assert.Equal("session-beat", Assert.Single(info.ServiceChecks).Id);

        // Beaten, it lives longer than its time.
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < Ttl * 1.5)
        {
            await _client.Agent.UpdateCheckAsync("session-beat", CheckStatus.Passing, "beat", default);
            Assert.NotNull((await _client.Sessions.GetAsync(session, ReadOptions.Consistent, default)).Value);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        // No longer beaten, it ends, and the lock with it.
        await Until.TrueAsync("the session ends", TimeSpan.FromSeconds(4), async () =>
            (await _client.Sessions.GetAsync(session, ReadOptions.Consistent, default)).Value is null);
        var next = await fixture.CreateSessionAsync("session-next", TimeSpan.FromMinutes(1));
        Assert.True(await _client.Kv.AcquireAsync("session/beat", "2"u8.ToArray(), next, default));
    }

    [Fact]
    public async Task A_check_that_says_critical_ends_the_session_at_once()
    {
        var session = await fixture.CreateSessionAsync("session-critical", TimeSpan.FromMinutes(1));
        await _client.Agent.UpdateCheckAsync("session-critical", CheckStatus.Critical, "stepping down", default);
        await Until.TrueAsync("the session ends", TimeSpan.FromSeconds(2), async () =>
            (await _client.Sessions.GetAsync(session, ReadOptions.Consistent, default)).Value is null);
    }

    [Fact]
    public async Task A_session_on_an_unknown_check_is_refused_with_Consuls_words()
    {
        var request = new SessionRequest { NodeChecks = ["serfHealth", "nope"] };
        var error = await Assert.ThrowsAsync<ConsulException>(() => _client.Sessions.CreateAsync(request, default));
        Assert.Contains("Missing check 'nope'", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => _client.Sessions.CreateAsync(new SessionRequest { NodeChecks = [] }, default));
    }

    [Fact]
    public async Task A_session_with_a_TTL_renews_until_destroyed()
    {
        await fixture.CreateSessionAsync("session-warmup", TimeSpan.FromMinutes(1));
        var session = await _client.Sessions.CreateAsync(new SessionRequest { Ttl = TimeSpan.FromSeconds(10) }, default);
        Assert.True(await _client.Sessions.RenewAsync(session, default));
        await _client.Sessions.DestroyAsync(session, default);
        await _client.Sessions.DestroyAsync(session, default);
        Assert.False(await _client.Sessions.RenewAsync(session, default));
    }

    [Fact]
    public async Task A_beat_for_a_check_that_was_lost_says_so()
    {
        var error = await Assert.ThrowsAsync<ConsulException>(
            () => _client.Agent.UpdateCheckAsync("session-unknown", CheckStatus.Passing, "", default));
        Assert.True(ConsulAgent.IsUnknownCheck(error), error.Message);
        await _client.Agent.DeregisterCheckAsync("session-unknown", default);
    }
}
