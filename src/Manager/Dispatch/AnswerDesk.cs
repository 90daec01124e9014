// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Dispatch;

/// <summary>Matches the answers of one session's agent to the questions that wait for them. Thread-safe.</summary>
/// <typeparam name="T">What an answer is.</typeparam>
internal sealed class AnswerDesk<T>
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, (DateTimeOffset SentAt, TaskCompletionSource<T> Answer)> _waiting = [];
    private long _last;

    /// <summary>Opens a question; the caller sends it under its number, and closes it whatever comes of it.</summary>
    public (long Request, Task<T> Answer) Open(DateTimeOffset now)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting[++_last] = (now, answer);
            return (_last, answer.Task);
        }
    }

    /// <summary>Gives an answer to who waits for it; nobody may. It is made with the time at which the question was opened.</summary>
    public void Take(long request, Func<DateTimeOffset, T> answer)
    {
        lock (_lock)
        {
            if (_waiting.Remove(request, out var waiting)) waiting.Answer.SetResult(answer(waiting.SentAt));
        }
    }

    /// <summary>The question is not waited for any more.</summary>
    public void Close(long request)
    {
        lock (_lock) _waiting.Remove(request);
    }
}
