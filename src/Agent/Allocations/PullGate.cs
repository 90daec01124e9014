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
            await turn.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            bool wasGiven;
            lock (_lock) wasGiven = !_waiting.Remove(turn);
            if (wasGiven) Leave();
            throw;
        }
    }

    /// <summary>Gives a place back, to the one who has waited longest.</summary>
    public void Leave()
    {
        TaskCompletionSource? next;
        lock (_lock)
        {
            next = _waiting.First?.Value;
            if (next is null) _free++;
            else _waiting.RemoveFirst();
        }
        next?.SetResult();
    }
}
