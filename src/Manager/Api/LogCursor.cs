// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>The next line of one node's log stream.</summary>
internal sealed class LogCursor(LogSource source)
{
    private readonly Queue<V1.NamedLogLine> _lines = new();

    /// <summary>The line; valid after <see cref="MoveAsync"/> said true.</summary>
    public V1.NamedLogLine Current { get; private set; } = new();

    /// <summary>Goes to the next line; false: there is none. Notices are passed on at once.</summary>
    public async Task<bool> MoveAsync(IServerStreamWriter<V1.LogBatch> responses, CancellationToken cancellationToken)
    {
        while (_lines.Count == 0)
        {
            if (!await source.Subscription.Uploads.WaitToReadAsync(cancellationToken)) return false;
            if (!source.Subscription.Uploads.TryRead(out var upload)) continue;
            var batch = source.ToBatch(upload);
            foreach (var line in batch.Lines) _lines.Enqueue(line);
            if (batch.Notice.Length > 0) await responses.WriteAsync(new V1.LogBatch { Notice = batch.Notice }, cancellationToken);
        }

        Current = _lines.Dequeue();
        return true;
    }
}
