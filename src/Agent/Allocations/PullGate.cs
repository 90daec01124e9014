// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Allocations;

/// <summary>Lets a bounded number of pulls through at once, in the order in which they asked. Thread-safe.</summary>
/// <param name="places">How many.</param>
internal sealed class PullGate(int places)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private int _free = places;

    /// <summary>Waits for a place; give it back with <see cref="Leave"/>.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up; it has no place.</exception>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource turn;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }
            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
        }
        // Whoever is first decides: the place or the end. A turn that was cancelled is skipped when places are given.
        using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn);
        await turn.Task;
    }

    /// <summary>Gives a place back, to the one who has waited longest.</summary>
    public void Leave()
    {
        while (true)
        {
            TaskCompletionSource next;
            lock (_lock)
            {
                if (!_waiting.TryDequeue(out next!))
                {
                    _free++;
                    return;
                }
            }
            if (next.TrySetResult()) return;
        }
    }
}
