// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Docker;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Model;
using ClusterManager.Wire;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Session;

/// <summary>
/// Sends the logs of several allocations over one stream: one reader each, a bounded mailbox between, batches by size and time. The
/// stream's
/// flow control reaches back through the mailbox to the engine, so a slow reader costs no memory.
/// </summary>
/// <remarks>Lines of one allocation keep their order; between allocations they come as they are read, with their times.</remarks>
/// <param name="context">Where allocations and their containers are.</param>
/// <param name="request">What is wanted.</param>
/// <param name="upload">Where it goes.</param>
internal sealed class LogUploader(RunnerContext context, V1.LogRequest request, ILogUpload upload)
{
    private const int QueueMax = 512;
    private const int BatchLinesMax = 256;
    private const int BatchBytesMax = 64 * 1024;
    private const int LineBytesMax = 16 * 1024;
    private static readonly TimeSpan BatchDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);
    private readonly Mailbox<V1.LogUpload> _queue = new(QueueMax);
    private int _readers;

    /// <summary>Runs until all is sent, or, following, until cancelled or the allocations are gone.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var tasks = new OwnedTasks(cancellationToken);
        _readers = request.Allocations.Count;
        if (_readers == 0) _queue.Close();
        foreach (var allocation in request.Allocations) tasks.TryStart(token => ReadAsync(allocation.ToModel(), token));
        tasks.TryStart(async token =>
        {
            await SendAsync(token);
            tasks.Stop();
        });
        await tasks.WhenEndedAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        // The first message names the request, also when there is nothing to say.
        await upload.SendAsync(new V1.LogUpload { Request = request.Request }, cancellationToken);
        while (await _queue.WaitToReadAsync(cancellationToken))
        {
            await Task.Delay(BatchDelay, context.Clock.Provider, cancellationToken);
            while (NextBatch() is { } batch) await upload.SendAsync(batch, cancellationToken);
        }
        await upload.CompleteAsync(cancellationToken);
    }

    private V1.LogUpload? NextBatch()
    {
        V1.LogUpload? batch = null;
        var bytes = 0;
        while ((batch?.Lines.Count ?? 0) < BatchLinesMax && bytes < BatchBytesMax && _queue.TryRead(out var item))
        {
            batch ??= new V1.LogUpload { Request = request.Request };
            batch.Lines.Add(item.Lines);
            foreach (var line in item.Lines) bytes += line.Text.Length;
            if (item.Failure is null) continue;
            batch.Failure = item.Failure;
            batch.Failed = item.Failed;
            break;
        }
        return batch;
    }

    private async Task ReadAsync(AllocationId id, CancellationToken cancellationToken)
    {
        try
        {
            await ReadRunsAsync(id, cancellationToken);
        }
        catch (DockerException error)
        {
            await FailAsync(id, FailureReasons.OfRun(error), cancellationToken);
        }
        if (Interlocked.Decrement(ref _readers) == 0) _queue.Close();
    }

    // Following, the engine's stream ends with each run: the next one goes on after the last line that was sent.
    private async Task ReadRunsAsync(AllocationId id, CancellationToken cancellationToken)
    {
        var since = request.SinceAgeMs > 0
            ? (context.Clock.Provider.GetUtcNow() - TimeSpan.FromMilliseconds(request.SinceAgeMs) - DateTimeOffset.UnixEpoch).Ticks * 100
            : (long?)null;
        int? tail = request.Tail > 0 ? request.Tail : null;
        var container = ContainerOf(id);
        if (container is null && !request.Follow)
        {
            await FailAsync(id, new Reason(ReasonCode.None, $"allocation {id} has no container on this node"), cancellationToken);
            return;
        }
        while (true)
        {
            if (container is not null)
            {
                var last = await ReadRunAsync(id, container, since, tail, cancellationToken);
                if (last is not null) since = last + 1;
                tail = null;
            }
            if (!request.Follow || !context.Board.Current.TryGetValue(id, out var view) || view.Facts.IsFinished) return;
            await Task.Delay(LookAgain, context.Clock.Provider, cancellationToken);
            container = ContainerOf(id);
        }
    }

    private async Task<long?> ReadRunAsync(AllocationId id, string container, long? since, int? tail, CancellationToken cancellationToken)
    {
        long? last = null;
        var options = new LogRequest { SinceUnixNanoseconds = since, Tail = tail, Follow = request.Follow };
        await foreach (var line in context.Engine.ReadLogsAsync(container, options, cancellationToken))
        {
            last = line.UnixNanoseconds;
            foreach (var piece in Pieces(id, line)) await _queue.PostAsync(piece, cancellationToken);
        }
        return last;
    }

    private static IEnumerable<V1.LogUpload> Pieces(AllocationId id, LogLine line)
    {
        var bytes = ByteString.CopyFromUtf8(line.Text);
        for (var from = 0; from == 0 || from < bytes.Length; from += LineBytesMax)
        {
            var length = Math.Min(LineBytesMax, bytes.Length - from);
            yield return new V1.LogUpload
            {
                Lines =
                {
                    new V1.LogLine
                    {
                        Id = id.ToWire(),
                        UnixNs = line.UnixNanoseconds,
                        IsStderr = line.Stream == LogStream.Stderr,
                        Text = ByteString.CopyFrom(bytes.Span.Slice(from, length)),
                        IsPartial = line.Continues || from + length < bytes.Length,
                    },
                },
            };
        }
    }

    private async Task FailAsync(AllocationId id, Reason reason, CancellationToken cancellationToken) =>
        await _queue.PostAsync(new V1.LogUpload { Failure = reason.ToWire(), Failed = id.ToWire() }, cancellationToken);

    private string? ContainerOf(AllocationId id) =>
        context.Board.Current.TryGetValue(id, out var view) && view.Facts.ContainerId is { Length: > 0 } container ? container : null;
}
