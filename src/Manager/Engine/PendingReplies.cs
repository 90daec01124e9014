// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Engine;

/// <summary>The callers that wait for their mutations' answers. Thread-safe.</summary>
internal sealed class PendingReplies
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, TaskCompletionSource<MutationResult>> _waiting = [];
    private long _next;
    private bool _closed;

    /// <summary>A new caller.</summary>
    /// <exception cref="TermEndedException">The term has ended.</exception>
    public (long Ticket, Task<MutationResult> Reply) Open()
    {
        var source = new TaskCompletionSource<MutationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_closed) throw new TermEndedException(outcomeKnown: true);
            var ticket = ++_next;
            _waiting[ticket] = source;
            return (ticket, source.Task);
        }
    }

    /// <summary>Answers; a caller that is gone is no matter.</summary>
    public void Answer(IEnumerable<MutationReply> replies)
    {
        foreach (var reply in replies) Take(reply.Ticket)?.TrySetResult(reply.Result);
    }

    /// <summary>Waits for the answer, or until the caller gives up: what it asked for may then still happen.</summary>
    /// <remarks><c>Task.WaitAsync(token)</c> would hop over the thread pool, off the caller's scheduler.</remarks>
    public async Task<MutationResult> WaitAsync(long ticket, Task<MutationResult> reply, CancellationToken cancellationToken)
    {
        using var givingUp = cancellationToken.UnsafeRegister(
            (_, token) => Take(ticket)?.TrySetCanceled(token), null);
        return await reply;
    }

    /// <summary>The caller's event was not taken.</summary>
    public void Drop(long ticket) => Take(ticket);

    /// <summary>The term is over: those in <paramref name="unknown"/> may have been committed, the others were not.</summary>
    public void Close(IReadOnlySet<long> unknown)
    {
        List<KeyValuePair<long, TaskCompletionSource<MutationResult>>> rest;
        lock (_lock)
        {
            _closed = true;
            rest = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var (ticket, source) in rest) source.TrySetException(new TermEndedException(!unknown.Contains(ticket)));
    }

    private TaskCompletionSource<MutationResult>? Take(long ticket)
    {
        lock (_lock)
        {
            _waiting.Remove(ticket, out var source);
            return source;
        }
    }
}
