// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Session;
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Network;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Simulation.Agents;

/// <summary>Dials managers over the simulated network.</summary>
internal sealed class SimulatedTransport(SimulatedCluster cluster, SimulatedAgent agent) : ISessionTransport
{
    private static readonly TimeSpan RefusedAfter = TimeSpan.FromMilliseconds(5);

    /// <summary>A manager has said welcome and the session lasts.</summary>
    public bool IsEstablished { get; private set; }

    /// <inheritdoc/>
    public ISessionConnection Open(string address)
    {
        IsEstablished = false;
        var to = cluster.ManagerHosts.FirstOrDefault(host => host.ManagerAddress == address)
            ?? throw new ArgumentException($"no manager was ever at {address}", nameof(address));
        var stream = cluster.Dial(agent, to, out var isRefused);
        return new Connection(this, stream, isRefused);
    }

    private sealed class Connection : ISessionConnection
    {
        private readonly Inbox<V1.ManagerMessage> _inbox = new();
        private readonly SimulatedTransport _owner;
        private readonly SimulatedStream<V1.AgentMessage, V1.ManagerMessage>? _stream;
        private readonly bool _isRefused;
        private bool _isBroken;

        public Connection(SimulatedTransport owner, SimulatedStream<V1.AgentMessage, V1.ManagerMessage>? stream, bool isRefused)
        {
            _owner = owner;
            _stream = stream;
            _isRefused = isRefused;
            if (stream is null) return;
            stream.OnDown = _inbox.Add;
            stream.OnDownClosed = () =>
            {
                _isBroken = true;
                _inbox.End();
            };
        }

        public async Task SendAsync(V1.AgentMessage message, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_isBroken) throw SessionEndedException.Lost("the connection broke");
            if (_stream is null) await ConnectInVainAsync(cancellationToken);
            if (message.BodyCase != V1.AgentMessage.BodyOneofCase.Heartbeat) _owner.CountMessage();
            _stream!.SendUp(message);
        }

        public async Task<V1.ManagerMessage?> ReceiveAsync(CancellationToken cancellationToken)
        {
            var message = await _inbox.TakeAsync(cancellationToken);
            if (message?.BodyCase == V1.ManagerMessage.BodyOneofCase.Welcome) _owner.IsEstablished = true;
            return message;
        }

        public ILogUpload OpenLogUpload(CancellationToken cancellationToken) =>
            throw new NotSupportedException("nobody reads logs here");

        public void Dispose()
        {
            _owner.IsEstablished = false;
            _stream?.CloseUp();
        }

        // A host without manager refuses; one without power or beyond a cut says nothing.
        private async Task ConnectInVainAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(_isRefused ? RefusedAfter : Timeout.InfiniteTimeSpan, _owner.Time, cancellationToken);
            throw SessionEndedException.Lost("the connection was refused");
        }
    }

    private TimeProvider Time => agent.Process.Time;

    private void CountMessage() => cluster.Judge.Messages++;
}
