// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Network;

/// <summary>
/// A stream between two processes, as TCP gives it: in order and once, however late; a cut holds messages back until it ends. A stream that
/// one side has given up may still bring the other side what was under way.
/// </summary>
internal sealed class SimulatedStream<TUp, TDown>
{
    private readonly Direction _up;
    private readonly Direction _down;

    /// <summary>A stream from the dialling side up to the answering one.</summary>
    public SimulatedStream(SimulatedNetwork network, (string Host, SimulatedProcess Process) dialler, (string Host,
        SimulatedProcess Process) answerer)
    {
        _up = new Direction(network, dialler, answerer);
        _down = new Direction(network, answerer, dialler);
    }

    /// <summary>Called in the answerer's process.</summary>
    public Action<TUp> OnUp { get; set; } = static _ => { };

    /// <summary>Called in the dialler's process.</summary>
    public Action<TDown> OnDown { get; set; } = static _ => { };

    /// <summary>Called in the answerer's process when the dialler closed.</summary>
    public Action OnUpClosed { get; set; } = static () => { };

    /// <summary>Called in the dialler's process when the answerer closed.</summary>
    public Action OnDownClosed { get; set; } = static () => { };

    /// <summary>Sends to the answerer.</summary>
    public void SendUp(TUp message) => _up.Send(() => OnUp(message));

    /// <summary>Told of each message that the answerer sends, at that moment.</summary>
    public Action<TDown> OnSendDown { get; set; } = static _ => { };

    /// <summary>Sends to the dialler.</summary>
    public void SendDown(TDown message)
    {
        OnSendDown(message);
        _down.Send(() => OnDown(message));
    }

    /// <summary>The dialler ends it, or its kernel does for it.</summary>
    public void CloseUp() => _up.Send(() => OnUpClosed());

    /// <summary>The answerer ends it, or its kernel does for it.</summary>
    public void CloseDown() => _down.Send(() => OnDownClosed());

    /// <summary>A host lost power: nothing more comes of it from there.</summary>
    public void Drop(string host)
    {
        _up.DropFrom(host);
        _down.DropFrom(host);
    }

    /// <summary>From now on nothing comes down it, not even its end, and nobody is told.</summary>
    public void ForgetDown() => _down.Forget();

    /// <summary>From now on nothing goes up it, not even its end, and nobody is told.</summary>
    public void ForgetUp() => _up.Forget();

    private sealed class Direction(SimulatedNetwork network, (string Host, SimulatedProcess Process) from, (string Host,
        SimulatedProcess Process) to)
    {
        private static readonly TimeSpan Retransmission = TimeSpan.FromMilliseconds(200);
        private readonly Queue<(TimeSpan At, Action Deliver)> _underWay = new();
        private bool _isPumping;
        private bool _isForgotten;
        private TimeSpan _last;

        public void Send(Action deliver)
        {
            if (_isForgotten) return;
            var at = network.Timeline.Now + network.Delay(from.Host, to.Host);
            if (at < _last) at = _last;
            _last = at;
            _underWay.Enqueue((at, deliver));
            if (_isPumping) return;
            _isPumping = true;
            network.Timeline.At(at, Pump);
        }

        public void DropFrom(string host)
        {
            if (from.Host == host) _underWay.Clear();
        }

        public void Forget()
        {
            _isForgotten = true;
            _underWay.Clear();
        }

        private void Pump()
        {
            while (_underWay.TryPeek(out var next))
            {
                if (!to.Process.IsAlive) _underWay.Clear();
                else if (network.IsCut(from.Host, to.Host)) Again(network.Timeline.Now + Retransmission);
                else if (next.At > network.Timeline.Now) Again(next.At);
                else Deliver();
                if (_isWaiting) return;
            }

            _isPumping = false;
        }

        private bool _isWaiting;

        private void Again(TimeSpan at)
        {
            _isWaiting = true;
            network.Timeline.At(at, () =>
            {
                _isWaiting = false;
                Pump();
            });
        }

        private void Deliver()
        {
            network.Delivered++;
            to.Process.Run(_underWay.Dequeue().Deliver);
        }
    }
}
