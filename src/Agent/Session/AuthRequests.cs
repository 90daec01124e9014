// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Session;

/// <summary>
/// The questions of one session to its leader for a registry's credential, and those who wait for the answers. Thread-safe.
/// </summary>
/// <param name="outbox">The session's.</param>
/// <param name="time">The clock.</param>
internal sealed class AuthRequests(Mailbox<AgentMessage> outbox, TimeProvider time)
{
    /// <summary>A helper on the manager may take 8 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, TaskCompletionSource<string?>> _waiting = [];
    private long _last;
    private bool _isOver;

    /// <summary>Asks; null: the leader has none, or does not answer in time.</summary>
    public async Task<string?> AskAsync(string image, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        long number;
        lock (_lock)
        {
            if (_isOver) return null;
            number = ++_last;
            _waiting[number] = answer;
        }

        try
        {
            if (!outbox.TryPost(new AgentMessage { AuthRequest = new AuthRequest { Request = number, Image = image } })) return null;
            return await answer.Task.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            lock (_lock) _waiting.Remove(number);
        }
    }

    /// <summary>The leader's answer.</summary>
    public void Take(AuthAnswer answer)
    {
        lock (_lock)
        {
            if (_waiting.TryGetValue(answer.Request, out var waiting))
                waiting.TrySetResult(answer.Auth is { Encoded.Length: > 0 } auth ? auth.Encoded : null);
        }
    }

    /// <summary>The session is over: nobody answers any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isOver = true;
            foreach (var waiting in _waiting.Values) waiting.TrySetResult(null);
        }
    }
}
