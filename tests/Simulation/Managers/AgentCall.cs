// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Api;
using ClusterManager.Model;
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Network;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Simulation.Managers;

/// <summary>One call of an agent as the manager's real service sees it: what comes in, what goes out, and that it may break.</summary>
internal sealed class AgentCall : IAsyncStreamReader<V1.AgentMessage>, IServerStreamWriter<V1.ManagerMessage>
{
    private readonly Inbox<V1.AgentMessage> _inbox = new();
    private readonly SimulatedStream<V1.AgentMessage, V1.ManagerMessage> _stream;
    private readonly Action<V1.ManagerMessage> _onSend;
    private readonly NodeId _node;
    private bool _isBroken;

    public AgentCall(NodeId node, SimulatedStream<V1.AgentMessage, V1.ManagerMessage> stream, Action<V1.ManagerMessage> onSend)
    {
        _node = node;
        _stream = stream;
        _onSend = onSend;
        stream.OnUp = _inbox.Add;
    }

    /// <inheritdoc/>
    public V1.AgentMessage Current { get; private set; } = new();

    /// <inheritdoc/>
    public WriteOptions? WriteOptions { get; set; }

    /// <summary>Serves it to its end, as the interceptor and the server around it do.</summary>
    public async Task RunAsync(AgentApiService service)
    {
        using var broken = new CancellationTokenSource();
        _stream.OnUpClosed = () => Break(broken);
        var context = new SimulatedCallContext(broken.Token);
        CallerInterceptor.Attach(context, new CallerIdentity(PeerRole.Node, _node.ToString(), $"node {_node}", false, false));
        try
        {
            await service.Session(this, this, context);
        }
        catch (RpcException)
        {
            // The status is sent; the agent sees that the stream ends.
        }
        catch (Exception error) when (error is OperationCanceledException or IOException && _isBroken)
        {
            // Nobody is there any more to be told.
        }

        _stream.OnUpClosed = static () => { };
        _stream.CloseDown();
    }

    /// <inheritdoc/>
    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (await _inbox.TakeAsync(cancellationToken) is not { } message) return false;
        Current = message;
        return true;
    }

    /// <inheritdoc/>
    public Task WriteAsync(V1.ManagerMessage message)
    {
        if (_isBroken) throw new IOException("the call has ended");
        _onSend(message);
        _stream.SendDown(message);
        return Task.CompletedTask;
    }

    private void Break(CancellationTokenSource broken)
    {
        _isBroken = true;
        _inbox.End();
        broken.Cancel();
    }
}
