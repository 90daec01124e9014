// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using ClusterManager.Hosting.Concurrency;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>Several nodes' log streams made one.</summary>
internal static class LogMerge
{
    private const int LinesPerBatch = 256;

    /// <summary>In order of arrival, until all streams end.</summary>
    public static async Task ByArrivalAsync(
        IReadOnlyList<LogSource> sources, IServerStreamWriter<V1.LogBatch> responses, CancellationToken cancellationToken)
    {
        var merged = Channel.CreateBounded<V1.LogBatch>(4);
        using var pumps = new OwnedTasks(cancellationToken);
        foreach (var source in sources) pumps.TryStart(stopping => PumpAsync(source, merged.Writer, stopping));
        pumps.TryStart(async stopping =>
        {
            var open = sources.Count;
            while (open > 0 && await merged.Reader.WaitToReadAsync(stopping))
            {
                while (merged.Reader.TryRead(out var batch))
                {
                    if (batch.Lines.Count == 0 && batch.Notice.Length == 0) open--;
                    else await responses.WriteAsync(batch, stopping);
                }
            }

            pumps.Stop();
        });
        await pumps.WhenEndedAsync();
    }

    /// <summary>
    /// In order of time, until all streams end. A node that does not begin to answer within the limit is left out, with a notice.
    /// </summary>
    public static async Task ByTimeAsync(
        IReadOnlyList<LogSource> sources, IServerStreamWriter<V1.LogBatch> responses, TimeSpan firstAnswer, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var cursors = new List<LogCursor>();
        using var limit = new CancellationTokenSource(firstAnswer, time);
        foreach (var source in sources)
        {
            var cursor = new LogCursor(source);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                if (await cursor.MoveAsync(responses, either.Token)) cursors.Add(cursor);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                await responses.WriteAsync(
                    new V1.LogBatch { Notice = $"node {source.Node} did not answer: its replicas' logs are missing" }, cancellationToken);
            }
        }

        var batch = new V1.LogBatch();
        while (cursors.Count > 0)
        {
            var next = cursors.MinBy(cursor => cursor.Current.UnixNs)!;
            batch.Lines.Add(next.Current);
            if (batch.Lines.Count >= LinesPerBatch)
            {
                await responses.WriteAsync(batch, cancellationToken);
                batch = new V1.LogBatch();
            }

            if (!await next.MoveAsync(responses, cancellationToken)) cursors.Remove(next);
        }

        if (batch.Lines.Count > 0) await responses.WriteAsync(batch, cancellationToken);
    }

    // An empty batch says that this source has ended.
    private static async Task PumpAsync(LogSource source, ChannelWriter<V1.LogBatch> writer, CancellationToken cancellationToken)
    {
        while (await source.Subscription.Uploads.WaitToReadAsync(cancellationToken))
        {
            while (source.Subscription.Uploads.TryRead(out var upload))
            {
                var batch = source.ToBatch(upload);
                if (batch.Lines.Count > 0 || batch.Notice.Length > 0) await writer.WriteAsync(batch, cancellationToken);
            }
        }

        await writer.WriteAsync(new V1.LogBatch(), cancellationToken);
    }
}
