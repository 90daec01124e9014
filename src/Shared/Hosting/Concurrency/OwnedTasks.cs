// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Concurrency;

/// <summary>
/// Runs tasks that belong together and awaits every one of them: when one fails the others are asked to stop, and the first failure
/// surfaces
/// from <see cref="WhenEndedAsync"/>. Nothing that was started outlives its owner. Thread-safe.
/// </summary>
public sealed class OwnedTasks : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _registration;
    private Exception? _firstFailure;
    private int _running;
    private bool _closing;

    /// <summary>An owner that stops its tasks when <paramref name="cancellationToken"/> is cancelled.</summary>
    public OwnedTasks(CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _registration = _stop.Token.UnsafeRegister(static owner => ((OwnedTasks)owner!).Close(), this);
    }

    /// <summary>Cancelled when the owner stops: by its token, by <see cref="Stop"/>, or because a task failed.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>How many tasks have not ended.</summary>
    public int RunningCount
    {
        get
        {
            lock (_lock) return _running;
        }
    }

    /// <summary>Starts a task that ends when its token is cancelled. It runs synchronously up to its first await.</summary>
    /// <returns>False when the owner is stopping: nothing was started.</returns>
    public bool TryStart(Func<CancellationToken, Task> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        lock (_lock)
        {
            if (_closing) return false;
            _running++;
        }
        // Observed by WhenEndedAsync through _ended and _firstFailure; ObserveAsync itself never throws.
        _ = ObserveAsync(run);
        return true;
    }

    /// <summary>Asks all tasks to stop; wait for them with <see cref="WhenEndedAsync"/>.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Waits until the owner was stopped and every task has ended; throws the first failure.</summary>
    public async Task WhenEndedAsync()
    {
        await _ended.Task;
        if (_firstFailure is { } failure) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Stops the tasks without waiting; call it after <see cref="WhenEndedAsync"/>.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        _stop.Dispose();
    }

    private async Task ObserveAsync(Func<CancellationToken, Task> run)
    {
        Exception? failure = null;
        try
        {
            await run(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to.
        }
        catch (Exception e)
        {
            failure = e;
        }
        End(failure);
    }

    private void End(Exception? failure)
    {
        bool last;
        lock (_lock)
        {
            _firstFailure ??= failure;
            _running--;
            last = _closing && _running == 0;
        }
        if (failure is not null) Stop();
        if (last) _ended.TrySetResult();
    }

    private void Close()
    {
        bool none;
        lock (_lock)
        {
            _closing = true;
            none = _running == 0;
        }
        if (none) _ended.TrySetResult();
    }
}
