// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Diagnosis;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Dispatch;

/// <summary>Matches the answers of one session's agent to the questions that wait for them. Thread-safe.</summary>
internal sealed class InspectionDesk
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, (DateTimeOffset SentAt, TaskCompletionSource<NodeFindings> Answer)> _waiting = [];
    private long _last;

    /// <summary>Opens a question; the caller sends it under its number, and closes it whatever comes of it.</summary>
    public (long Request, Task<NodeFindings> Answer) Open(DateTimeOffset now)
    {
        var answer = new TaskCompletionSource<NodeFindings>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting[++_last] = (now, answer);
            return (_last, answer.Task);
        }
    }

    /// <summary>Gives an answer to who waits for it; nobody may.</summary>
    public void Take(V1.Inspection inspection, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_waiting.Remove(inspection.Request, out var waiting))
                waiting.Answer.SetResult(new NodeFindings(inspection, waiting.SentAt, now));
        }
    }

    /// <summary>The question is not waited for any more.</summary>
    public void Close(long request)
    {
        lock (_lock) _waiting.Remove(request);
    }
}
