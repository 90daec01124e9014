// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Time;

/// <summary>A wait that may stand beside other tasks in <c>Task.WhenAny</c>.</summary>
/// <remarks>
/// <c>Task.Delay</c> itself may not: when its token is cancelled, what waits for the first of several tasks continues on the thread pool,
/// off the scheduler of the loop that waits. And it cuts fractions of a millisecond, so that the rest of a wait would be spun away.
/// </remarks>
public static class Pause
{
    /// <summary>Waits at least this long, rounded up to whole milliseconds; nothing to wait for ends at once.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task ForAsync(TimeSpan span, TimeProvider time, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (span <= TimeSpan.Zero) return;
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds)), time, cancellationToken);
    }
}
