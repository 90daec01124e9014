// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using FsCheck;
using FsCheck.Fluent;

namespace ClusterManager.Shared.Tests.Consul;

public sealed class WatchTests
{
    private static readonly WatchOptions Options = new()
    {
        Wait = TimeSpan.FromSeconds(30),
        BackoffMin = TimeSpan.FromMilliseconds(1),
        Seed = 7,
    };

    [Theory]
    [InlineData(0UL, 5UL, 5UL, true)] // the first answer is news
    [InlineData(5UL, 9UL, 9UL, true)] // forwards
    [InlineData(5UL, 5UL, 5UL, false)] // the wait ran out
    [InlineData(9UL, 5UL, 0UL, true)] // backwards: start afresh
    [InlineData(0UL, 0UL, 1UL, true)] // none: 1, or the next query would not wait
    [InlineData(1UL, 0UL, 1UL, false)] // still none: no news
    [InlineData(9UL, 0UL, 0UL, true)] // none after some: a restored state
    public void An_index_is_taken_by_the_rules(ulong before, ulong received, ulong next, bool isNews) =>
        Assert.Equal((new WatchIndex(next), isNews), new WatchIndex(before).Take(received));

    [Fact]
    public void A_pause_grows_to_its_limit_and_differs_between_watchers()
    {
        var options = new WatchOptions { BackoffMin = TimeSpan.FromMilliseconds(100), BackoffMax = TimeSpan.FromSeconds(5) };
        for (var attempt = 1; attempt < 100; attempt++)
        {
            var full = Math.Min(100 * Math.Pow(2, attempt - 1), 5000);
            Assert.InRange(WatchBackoff.Delay(options, attempt).TotalMilliseconds, full / 2, full);
        }

        Assert.Equal(WatchBackoff.Delay(options, 3), WatchBackoff.Delay(options, 3));
        Assert.True(Enumerable.Range(0, 50).Select(seed => WatchBackoff.Delay(options with { Seed = seed }, 3)).Distinct().Count() > 45);
    }

    [Fact]
    public async Task A_watch_yields_news_only_and_restarts_when_the_index_goes_back()
    {
        var asked = new List<ReadOptions>();
        var answers = new Queue<(string Value, ulong Index)>([("a", 10), ("b", 12), ("restored", 3), ("restored", 3), ("c", 4)]);
        var news = new List<string>();

        await foreach (var change in ConsulWatch.WatchAsync(Answer, Options, TimeProvider.System, CancellationToken.None))
        {
            news.Add(Assert.IsType<WatchEvent<string>.News>(change).Answer.Value);
            if (answers.Count == 0)
                break;
        }

        Assert.Equal(["a", "b", "restored", "restored", "c"], news);
        Assert.Equal([0UL, 10, 12, 0, 3], asked.Select(read => read.Index));
        Assert.All(asked, read => Assert.Equal(TimeSpan.FromSeconds(30), read.Wait));

        Task<ConsulAnswer<string>> Answer(ReadOptions read, CancellationToken cancellation)
        {
            asked.Add(read);
            var (value, index) = answers.Dequeue();
            return Task.FromResult(new ConsulAnswer<string>(value, index, true));
        }
    }

    [Fact]
    public async Task Failures_are_events_counted_in_a_row_and_the_next_read_starts_afresh()
    {
        var asked = new List<ulong>();
        var calls = 0;
        var seen = new List<string>();

        await foreach (var change in ConsulWatch.WatchAsync(Answer, Options, TimeProvider.System, CancellationToken.None))
        {
            seen.Add(change is WatchEvent<string>.Failed failed ? $"{failed.Error.Kind} {failed.FailureCount}" : "news");
            if (calls == 5)
                break;
        }

        Assert.Equal(["news", "NoLeader 1", "NoLeader 2", "news", "NoLeader 1"], seen);
        Assert.Equal([0UL, 8, 0, 0, 9], asked);

        Task<ConsulAnswer<string>> Answer(ReadOptions read, CancellationToken cancellation)
        {
            asked.Add(read.Index);
            return ++calls switch
            {
                1 => Task.FromResult(new ConsulAnswer<string>("a", 8, true)),
                4 => Task.FromResult(new ConsulAnswer<string>("a", 9, true)),
                _ => throw new ConsulException(ConsulErrorKind.NoLeader, "GET /v1/kv/a", 500, "No cluster leader"),
            };
        }
    }

    [Fact]
    public async Task A_bad_request_ends_the_watch_since_no_retry_mends_it()
    {
        var watch = ConsulWatch.WatchAsync<string>(
            (_, _) => throw new ConsulException(ConsulErrorKind.BadRequest, "GET /", 400, "bad"), Options, TimeProvider.System, default);
        await Assert.ThrowsAsync<ConsulException>(async () => await watch.GetAsyncEnumerator().MoveNextAsync());
    }

    [Fact]
    public async Task A_cancelled_watch_throws_and_asks_no_more()
    {
        using var stop = new CancellationTokenSource();
        var calls = 0;
        var watch = ConsulWatch.WatchAsync(
            (_, _) => Task.FromResult(new ConsulAnswer<int>(++calls, (ulong)calls, true)), Options, TimeProvider.System, stop.Token);
        await using var enumerator = watch.GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await enumerator.MoveNextAsync());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await enumerator.MoveNextAsync());
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Whatever_the_indexes_no_query_waits_for_one_beyond_the_last_received() =>
        Prop.ForAll<byte[]>(received =>
        {
            var index = WatchIndex.Start;
            foreach (var next in received)
            {
                var (after, isNews) = index.Take(next);
                if (after.Next > Math.Max(next, (byte)1) || isNews == (Math.Max(next, (byte)1) == index.Next))
                    return false;
                index = after;
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task A_watch_stays_on_its_callers_scheduler()
    {
        var scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var foreign = 0;
        var news = 0;
        await Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap();
        Assert.Equal((0, 50), (foreign, news));

        async Task RunAsync()
        {
            var calls = 0;
            var watch = ConsulWatch.WatchAsync(AnswerAsync, Options, TimeProvider.System, CancellationToken.None);
            await foreach (var change in watch)
            {
                Look();
                if (change is WatchEvent<int>.News && ++news == 50)
                    return;
            }

            async Task<ConsulAnswer<int>> AnswerAsync(ReadOptions read, CancellationToken cancellation)
            {
                Look();
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellation);
                Look();
                calls++;
                return calls % 3 == 0
                    ? throw new ConsulException(ConsulErrorKind.Timeout, "GET /", null, "late")
                    : new ConsulAnswer<int>(calls, (ulong)calls, true);
            }
        }

        void Look()
        {
            if (TaskScheduler.Current != scheduler)
                foreign++;
        }
    }
}
