// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Session;

/// <summary>Questions of one kind that one session has put to its leader, and those who wait for the answers. Thread-safe.</summary>
/// <param name="patience">How long one waits.</param>
/// <param name="time">The clock.</param>
internal sealed class OpenQuestions<TAnswer>(TimeSpan patience, TimeProvider time)
    where TAnswer : class
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, TaskCompletionSource<TAnswer?>> _waiting = [];
    private long _last;
    private bool _isOver;

    /// <summary>Asks; null: no answer in time, or the session is over.</summary>
    /// <param name="post">Sends the question with its number; false: it could not be sent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TAnswer?> AskAsync(Func<long, bool> post, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<TAnswer?>(TaskCreationOptions.RunContinuationsAsynchronously);
        long number;
        lock (_lock)
        {
            if (_isOver) return null;
            number = ++_last;
            _waiting[number] = answer;
        }

        try
        {
            return post(number) ? await answer.Task.WaitAsync(patience, time, cancellationToken) : null;
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

    /// <summary>The leader's answer; one that nobody waits for any more is dropped.</summary>
    public void Take(long number, TAnswer? answer)
    {
        lock (_lock)
        {
            if (_waiting.TryGetValue(number, out var waiting)) waiting.TrySetResult(answer);
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
