// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Session;
using ClusterManager.Wire.V1;

namespace ClusterManager.Hollow.Agents;

/// <summary>The agent's real transport, with a hand on its connection: it can be cut, and it is known whether a session stands.</summary>
/// <param name="real">Dials managers.</param>
internal sealed class HollowTransport(ISessionTransport real) : ISessionTransport
{
    private Connection? _current;

    /// <summary>The manager has said welcome, and the connection stands.</summary>
    public bool IsEstablished => Volatile.Read(ref _current)?.IsWelcome == true;

    public ISessionConnection Open(string address)
    {
        var opened = new Connection(real.Open(address), this);
        Volatile.Write(ref _current, opened);
        return opened;
    }

    /// <summary>Ends the connection under the session, as a lost network would for the manager's side.</summary>
    public void Cut() => Volatile.Read(ref _current)?.Dispose();

    private sealed class Connection(ISessionConnection inner, HollowTransport owner) : ISessionConnection
    {
        public bool IsWelcome { get; private set; }

        public Task SendAsync(AgentMessage message, CancellationToken cancellationToken) => inner.SendAsync(message, cancellationToken);

        public async Task<ManagerMessage?> ReceiveAsync(CancellationToken cancellationToken)
        {
            var message = await inner.ReceiveAsync(cancellationToken);
            if (message?.BodyCase == ManagerMessage.BodyOneofCase.Welcome) IsWelcome = true;
            return message;
        }

        public ILogUpload OpenLogUpload(CancellationToken cancellationToken) => inner.OpenLogUpload(cancellationToken);

        public void Dispose()
        {
            IsWelcome = false;
            Interlocked.CompareExchange(ref owner._current, null, this);
            inner.Dispose();
        }
    }
}
