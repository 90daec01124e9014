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
            catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
            {
                throw SessionEndedException.Lost(error.Status.Detail);
            }
        }

        public async Task<ManagerMessage?> ReceiveAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await call.ResponseStream.MoveNext(cancellationToken) ? call.ResponseStream.Current : null;
            }
            catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
            {
                throw SessionEndedException.Lost(error.Status.Detail);
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
            catch (RpcException error)
            {
                throw SessionEndedException.Lost(error.Status.Detail);
            }
        }

        public async Task CompleteAsync(CancellationToken cancellationToken)
        {
            try
            {
                await call.RequestStream.CompleteAsync();
                await call.ResponseAsync.WaitAsync(cancellationToken);
            }
            catch (RpcException error)
            {
                throw SessionEndedException.Lost(error.Status.Detail);
            }
        }

        public void Dispose() => call.Dispose();
    }
}
