// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Allocations;

/// <summary>Lets a bounded number of pulls through at once, in the order in which they asked. Thread-safe.</summary>
/// <param name="places">How many.</param>
internal sealed class PullGate(int places)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
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
            _waiting.AddLast(turn);
        }
        try
        {
            // Not Task.WaitAsync: it hops over the thread pool, which a simulation's scheduler must not see (see LatestValue).
            using var registration = cancellationToken.UnsafeRegister(static (turn, token) => ((TaskCompletionSource)turn!).TrySetCanceled(token), turn);
            await turn.Task;
        }
        catch (OperationCanceledException)
        {
            // Cancelled, it was not given a place: Leave passes over it.
            lock (_lock) _waiting.Remove(turn);
            throw;
        }
    }

    /// <summary>Gives a place back, to the one who has waited longest.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            while (_waiting.First is { } next)
            {
                _waiting.RemoveFirst();
                // Runs no continuation here: they are asynchronous.
                if (next.Value.TrySetResult()) return;
            }
            _free++;
        }
    }
}
