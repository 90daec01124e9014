// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Simulation.Core;

/// <summary>
/// Virtual time: what is due happens in the order of (time, sequence), and between two moments everything that is ready runs dry, all on
/// the
/// one thread that drives the run. Continuations that come from any other thread would break the replay: they are counted.
/// </summary>
internal sealed class Timeline
{
    private const long ExecutedMax = 1_000_000;
    private readonly PriorityQueue<Action, (long Ticks, long Sequence)> _due = new();
    private readonly Queue<(SimulatedProcess Process, SendOrPostCallback Call, object? State)> _ready = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _sequence;
    private int _foreign;
    private long _executed;

    /// <summary>Since the run began.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>How many events have happened.</summary>
    public long Events { get; private set; }

    /// <summary>Continuations that came from another thread; anything but 0 means that the run is no replay of its seed.</summary>
    public int ForeignPosts => Volatile.Read(ref _foreign);

    /// <summary>From where the first of them came; empty: there is none.</summary>
    public string ForeignStack { get; private set; } = "";

    /// <summary>Called after each event.</summary>
    public Action AfterEvent { get; set; } = static () => { };

    /// <summary>Something that happens later; in the past means next.</summary>
    public void At(TimeSpan moment, Action happen) =>
        _due.Enqueue(happen, (Math.Max(moment.Ticks, Now.Ticks), ++_sequence));

    /// <summary>Something that happens after this long.</summary>
    public void After(TimeSpan delay, Action happen) => At(Now + delay, happen);

    /// <summary>A continuation of a process.</summary>
    public void Enqueue(SimulatedProcess process, SendOrPostCallback call, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread && Interlocked.Increment(ref _foreign) == 1)
            ForeignStack = Environment.StackTrace;
        lock (_ready) _ready.Enqueue((process, call, state));
    }

    /// <summary>Runs until the moment; what is due at it still happens.</summary>
    public void RunUntil(TimeSpan end)
    {
        while (_due.TryPeek(out var happen, out var at) && at.Ticks <= end.Ticks)
        {
            _due.Dequeue();
            if (at.Ticks != Now.Ticks) _executed = 0;
            Now = TimeSpan.FromTicks(at.Ticks);
            happen();
            RunDry();
            Events++;
            AfterEvent();
        }

        Now = end;
    }

    private void RunDry()
    {
        while (true)
        {
            (SimulatedProcess Process, SendOrPostCallback Call, object? State) next;
            lock (_ready)
            {
                if (!_ready.TryDequeue(out next)) return;
            }

            if (++_executed > ExecutedMax) throw new InvalidOperationException($"a process spins at {Now}: it never waits for anything "
                + $"that takes time");
            next.Process.Execute(next.Call, next.State);
        }
    }
}
