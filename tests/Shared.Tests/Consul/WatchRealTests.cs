// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;

namespace ClusterManager.Shared.Tests.Consul;

[Collection(SingleConsulFixture.Collection)]
[Trait("Category", "Real")]
public sealed class WatchRealTests(SingleConsulFixture fixture)
{
    private static readonly WatchOptions Options = new() { Wait = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task A_watch_wakes_up_on_creation_change_and_deletion()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var kv = fixture.Client.Kv;
        await using var watch = Watch("watch/key", stop.Token).GetAsyncEnumerator(stop.Token);

        Assert.Null(await NextValueAsync(watch, value => true));
        var waiting = NextValueAsync(watch, value => value is not null);
        await kv.PutAsync("watch/key", "1"u8.ToArray(), stop.Token);
        Assert.Equal("1"u8.ToArray(), await waiting);

        waiting = NextValueAsync(watch, value => value?[0] == (byte)'2');
        Assert.False(waiting.IsCompleted);
        var written = TimeProvider.System.GetTimestamp();
        await kv.PutAsync("watch/key", "2"u8.ToArray(), stop.Token);
        await waiting;
        // Far below the 20 s that the query would wait: it was woken.
        Assert.True(TimeProvider.System.GetElapsedTime(written) < TimeSpan.FromSeconds(2));

        waiting = NextValueAsync(watch, value => value is null);
        await kv.DeleteAsync("watch/key", stop.Token);
        Assert.Null(await waiting);
    }

    [Fact]
    public async Task A_query_whose_wait_runs_out_is_no_news()
    {
        var kv = fixture.Client.Kv;
        await kv.PutAsync("watch/still", "1"u8.ToArray(), default);
        var first = await kv.GetAsync("watch/still", ReadOptions.Default, default);
        var read = new ReadOptions(ConsistencyMode.Default, first.Index, TimeSpan.FromMilliseconds(200));

        var started = TimeProvider.System.GetTimestamp();
        var second = await kv.GetAsync("watch/still", read, default);

        Assert.Equal(first.Index, second.Index);
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(190));
    }

    [Fact]
    public async Task A_watch_reports_an_agent_that_is_down_and_goes_on_when_it_is_back()
    {
        await using var consul = ConsulProcess.StartServer("watch-restart");
        await consul.WaitReadyAsync();
        using var client = consul.CreateClient();
        await client.Kv.PutAsync("watch/restart", "1"u8.ToArray(), default);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var options = Options with { BackoffMax = TimeSpan.FromMilliseconds(300) };
        await using var watch = ConsulWatch
            .WatchAsync((read, cancellation) => client.Kv.GetAsync("watch/restart", read, cancellation), options, client.Time, stop.Token)
            .GetAsyncEnumerator(stop.Token);

        Assert.NotNull(await NextValueAsync(watch, value => true));
        consul.Kill();
        Assert.True(await watch.MoveNextAsync());
        var failed = Assert.IsType<WatchEvent<KvEntry?>.Failed>(watch.Current);
        Assert.True(failed.Error.Kind is ConsulErrorKind.ConnectionLost or ConsulErrorKind.Unreachable, failed.Error.Message);

        consul.Restart();
        Assert.Equal("1"u8.ToArray(), await NextValueAsync(watch, value => value is not null, failuresAllowed: true));
        var waiting = NextValueAsync(watch, value => value?[0] == (byte)'2', failuresAllowed: true);
        await client.Kv.PutAsync("watch/restart", "2"u8.ToArray(), stop.Token);
        await waiting;
    }

    private IAsyncEnumerable<WatchEvent<KvEntry?>> Watch(string key, CancellationToken cancellation) =>
        ConsulWatch.WatchAsync(
            (read, inner) => fixture.Client.Kv.GetAsync(key, read, inner), Options, fixture.Client.Time, cancellation);

    /// <summary>The first news that fits; other tests' keys wake the watch of an absent key too.</summary>
    private static async Task<byte[]?> NextValueAsync(
        IAsyncEnumerator<WatchEvent<KvEntry?>> watch, Func<byte[]?, bool> fits, bool failuresAllowed = false)
    {
        while (await watch.MoveNextAsync())
        {
            if (watch.Current is WatchEvent<KvEntry?>.News news && fits(news.Answer.Value?.Value))
                return news.Answer.Value?.Value;
            if (watch.Current is WatchEvent<KvEntry?>.Failed failed && !failuresAllowed)
                Assert.Fail(failed.Error.Message);
        }

        throw new InvalidOperationException("the watch ended");
    }
}
