// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Node;
using ClusterManager.Wire.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClusterManager.Agent.Session;

/// <summary>Dials managers by gRPC over mutual TLS.</summary>
/// <param name="channels">Makes the channels.</param>
internal sealed class GrpcSessionTransport(ManagerChannels channels) : ISessionTransport
{
    /// <inheritdoc/>
    public ISessionConnection Open(string address)
    {
        var channel = channels.Open(address);
        var client = new AgentApi.AgentApiClient(channel);
        return new Connection(channel, client, client.Session(new CallOptions()));
    }

    // A call that has ended refuses further writes by InvalidOperationException.
    private static bool IsEndOfCall(Exception error) => error is RpcException or InvalidOperationException or IOException;

    // gRPC says "cancelled" by a status of its own: whoever cancelled expects the base library's word for it.
    private static Exception Translate(Exception error, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? new OperationCanceledException(error.Message, error, cancellationToken)
            : SessionEndedException.Lost(error is RpcException rpc ? $"{rpc.StatusCode}: {rpc.Status.Detail}" : error.Message);

    private sealed class Connection(
        GrpcChannel channel, AgentApi.AgentApiClient client, AsyncDuplexStreamingCall<AgentMessage, ManagerMessage> call)
        : ISessionConnection
    {
        public async Task SendAsync(AgentMessage message, CancellationToken cancellationToken)
        {
            try
            {
                await call.RequestStream.WriteAsync(message, cancellationToken);
            }
            catch (Exception error) when (IsEndOfCall(error))
            {
                throw Translate(error, cancellationToken);
            }
        }

        public async Task<ManagerMessage?> ReceiveAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await call.ResponseStream.MoveNext(cancellationToken) ? call.ResponseStream.Current : null;
            }
            catch (Exception error) when (IsEndOfCall(error))
            {
                throw Translate(error, cancellationToken);
            }
        }

        public ILogUpload OpenLogUpload(CancellationToken cancellationToken) =>
            new Upload(client.UploadLogs(new CallOptions(cancellationToken: cancellationToken)));

        public void Dispose()
        {
            call.Dispose();
            channel.Dispose();
        }
    }

    private sealed class Upload(AsyncClientStreamingCall<LogUpload, LogUploadResult> call) : ILogUpload
    {
        public async Task SendAsync(LogUpload upload, CancellationToken cancellationToken)
        {
            try
            {
                await call.RequestStream.WriteAsync(upload, cancellationToken);
            }
            catch (Exception error) when (IsEndOfCall(error))
            {
                throw Translate(error, cancellationToken);
            }
        }

        public async Task CompleteAsync(CancellationToken cancellationToken)
        {
            try
            {
                await call.RequestStream.CompleteAsync();
                await call.ResponseAsync.WaitAsync(cancellationToken);
            }
            catch (Exception error) when (IsEndOfCall(error))
            {
                throw Translate(error, cancellationToken);
            }
        }

        public void Dispose() => call.Dispose();
    }
}
