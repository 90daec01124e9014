// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Simulation.Core;

/// <summary>
/// One life of a program on a host. Killed, none of its continuations ever runs again, as after SIGKILL; paused, they wait, as after
/// SIGSTOP.
/// </summary>
internal sealed class SimulatedProcess : SynchronizationContext
{
    private readonly Timeline _timeline;
    private readonly List<(SendOrPostCallback Call, object? State)> _held = [];
    private readonly Action<Exception> _failed;

    /// <summary>A process that begins now.</summary>
    /// <param name="timeline">Where it runs.</param>
    /// <param name="wallSkew">How far its wall clock is off; may change while it lives.</param>
    /// <param name="failed">Told of exceptions that nobody caught.</param>
    public SimulatedProcess(Timeline timeline, Func<TimeSpan> wallSkew, Action<Exception> failed)
    {
        _timeline = timeline;
        _failed = failed;
        Time = new VirtualTime(timeline, this, wallSkew);
    }

    /// <summary>Its clocks and timers.</summary>
    public TimeProvider Time { get; }

    /// <summary>It was not killed.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>It is stopped and knows nothing of it.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>It runs.</summary>
    public bool IsRunning => IsAlive && !IsPaused;

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        IsAlive = false;
        _held.Clear();
    }

    /// <summary>SIGSTOP.</summary>
    public void Pause() => IsPaused = true;

    /// <summary>SIGCONT.</summary>
    public void Resume()
    {
        if (!IsPaused) return;
        IsPaused = false;
        var held = _held.ToArray();
        _held.Clear();
        foreach (var (call, state) in held) Post(call, state);
    }

    /// <summary>Runs something in the process, now or when it goes on.</summary>
    public void Run(Action action) => Post(static state => ((Action)state!)(), action);

    /// <summary>Runs something in the process after a while of its time.</summary>
    public void After(TimeSpan delay, Action action) => _timeline.After(delay, () => Run(action));

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) => _timeline.Enqueue(this, d, state);

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("nothing here may wait for another thread");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Called by the timeline when the continuation's turn has come.</summary>
    internal void Execute(SendOrPostCallback call, object? state)
    {
        if (!IsAlive) return;
        if (IsPaused)
        {
            _held.Add((call, state));
            return;
        }

        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            call(state);
        }
        catch (Exception error)
        {
            _failed(error);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
