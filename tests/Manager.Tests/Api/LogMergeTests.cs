// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using ClusterManager.Manager.Api;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using ClusterManager.Shared.Tests.Consul;
using ClusterManager.Wire;
using Google.Protobuf;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Api;

/// <summary>Several nodes' streams made one: in order, complete, and held back by the slowest reader.</summary>
public sealed class LogMergeTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly LogBroker _broker = new();
    private readonly Reader _reader = new();

    [Fact]
    public async Task Without_follow_lines_come_in_order_of_time()
    {
        var (one, two) = (Source(1), Source(2));
        await SendAsync(one, 1, 4, 5);
        await SendAsync(two, 2, 3, 6);
        one.Subscription.Complete();
        two.Subscription.Complete();
        await LogMerge.ByTimeAsync([one, two], _reader, Soon, TimeProvider.System, CancellationToken.None).WaitAsync(Soon);
        Assert.Equal([1, 2, 3, 4, 5, 6], _reader.Times);
        Assert.Equal(["web.1", "web.2"], _reader.Lines.Select(line => line.Name).Distinct().Order());
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_left_out_with_a_notice()
    {
        var time = new VirtualTime();
        var (one, silent) = (Source(1), Source(2));
        await SendAsync(one, 1);
        one.Subscription.Complete();
        var merging = LogMerge.ByTimeAsync([one, silent], _reader, TimeSpan.FromSeconds(10), time, CancellationToken.None);
        await time.AdvanceUntilAsync("it ends", () => merging.IsCompleted, TimeSpan.FromSeconds(12));
        await merging;
        Assert.Equal([1], _reader.Times);
        Assert.Contains("h2 did not answer", Assert.Single(_reader.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_follow_lines_come_as_they_arrive_until_all_streams_end()
    {
        var (one, two) = (Source(1), Source(2));
        var merging = LogMerge.ByArrivalAsync([one, two], _reader, CancellationToken.None);
        await SendAsync(one, 9);
        await Until.TrueAsync("the first line", Soon, () => Task.FromResult(_reader.Times.Count == 1));
        await SendAsync(two, 3);
        await Until.TrueAsync("the second line", Soon, () => Task.FromResult(_reader.Times.Count == 2));
        Assert.Equal([9, 3], _reader.Times);
        one.Subscription.Complete();
        Assert.False(merging.IsCompleted);
        two.Subscription.Complete();
        await merging.WaitAsync(Soon);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_the_agents_back()
    {
        var source = Source(1);
        _reader.Gate = new TaskCompletionSource();
        using var stop = new CancellationTokenSource();
        var merging = LogMerge.ByArrivalAsync([source], _reader, stop.Token);
        var sent = 0;
        var sending = Task.Run(async () =>
        {
            for (; sent < 1000; sent++) await source.Subscription.WriteAsync(Upload(source, sent), stop.Token);
        });
        await Until.TrueAsync("some were taken", Soon, () => Task.FromResult(Volatile.Read(ref sent) >= 8));
        // What may wait on the way: 8 in the subscription, 4 merged, and one in each hand.
        for (var last = -1; last != Volatile.Read(ref sent); await Task.Delay(100, CancellationToken.None)) last = Volatile.Read(ref sent);
        Assert.InRange(sent, 8, 16);
        _reader.Gate.SetResult();
        await sending.WaitAsync(Soon);
        source.Subscription.Complete();
        await merging.WaitAsync(Soon);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), _reader.Times);
    }

    [Fact]
    public async Task A_cancelled_reader_ends_the_merge_and_its_uploads()
    {
        var source = Source(1);
        using var stop = new CancellationTokenSource();
        var merging = LogMerge.ByArrivalAsync([source], _reader, stop.Token);
        await stop.CancelAsync();
        await merging.WaitAsync(Soon);
        source.Subscription.Dispose();
        Assert.True(source.Subscription.Gone.IsCancellationRequested);
        Assert.Null(_broker.Find(source.Subscription.Request, source.Subscription.Node));
    }

    [Fact]
    public void A_node_finds_its_own_requests_only()
    {
        using var mine = _broker.Open(ModelCluster.Id(1));
        Assert.Same(mine, _broker.Find(mine.Request, ModelCluster.Id(1)));
        Assert.Null(_broker.Find(mine.Request, ModelCluster.Id(2)));
        Assert.Null(_broker.Find(mine.Request + 1, ModelCluster.Id(1)));
    }

    [Fact]
    public async Task A_failing_allocation_is_a_notice_and_the_others_go_on()
    {
        var source = Source(1);
        var failure = new V1.LogUpload { Failed = Id(1).ToWire(), Failure = new V1.Reason { Code = 17, Text = "no such container" } };
        await source.Subscription.WriteAsync(failure, CancellationToken.None);
        await SendAsync(source, 1);
        source.Subscription.Complete();
        await LogMerge.ByTimeAsync([source], _reader, Soon, TimeProvider.System, CancellationToken.None).WaitAsync(Soon);
        Assert.Equal("web.1 on h1: no such container", Assert.Single(_reader.Notices));
        Assert.Equal([1], _reader.Times);
    }

    private static AllocationId Id(int slot) => new(new ServiceId(1), slot, 1);

    private LogSource Source(int node) => new(
        _broker.Open(ModelCluster.Id(node)), $"h{node}", new Dictionary<AllocationId, string> { [Id(node)] = $"web.{node}" });

    private static async Task SendAsync(LogSource source, params long[] times)
    {
        foreach (var time in times) await source.Subscription.WriteAsync(Upload(source, time), CancellationToken.None);
    }

    private static V1.LogUpload Upload(LogSource source, long time)
    {
        var upload = new V1.LogUpload();
        upload.Lines.Add(
            new V1.LogLine { Id = source.Names.Keys.Single().ToWire(), UnixNs = time, Text = ByteString.CopyFromUtf8($"line {time}") });
        return upload;
    }

    private sealed class Reader : IServerStreamWriter<V1.LogBatch>
    {
        private readonly ConcurrentQueue<V1.LogBatch> _batches = new();

        public TaskCompletionSource? Gate { get; set; }

        public WriteOptions? WriteOptions { get; set; }

        public List<V1.NamedLogLine> Lines => [.. _batches.SelectMany(batch => batch.Lines)];

        public List<long> Times => [.. Lines.Select(line => line.UnixNs)];

        public List<string> Notices => [.. _batches.Select(batch => batch.Notice).Where(notice => notice.Length > 0)];

        public async Task WriteAsync(V1.LogBatch message)
        {
            if (Gate is { } gate) await gate.Task;
            _batches.Enqueue(message);
        }
    }
}
