// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;
using Grpc.Net.Client;

namespace ClusterManager.Agent.Node;

/// <summary>Channels to managers, with this node's certificate and the roots that are trusted at each handshake.</summary>
/// <param name="certificate">The node's; replaced at renewal.</param>
/// <param name="validator">Judges the server: a manager of this cluster, under any address.</param>
/// <param name="time">The clock of deadlines.</param>
internal sealed class ManagerChannels(CertificateHolder certificate, PeerValidator validator, TimeProvider time)
{
    private const int MessageBytesMax = 64 << 20;

    /// <summary>A channel to one manager; dispose it.</summary>
    /// <param name="address"><c>host:port</c>.</param>
    public GrpcChannel Open(string address)
    {
        var uri = new Uri($"https://{address}");
        return GrpcChannel.ForAddress(uri, new GrpcChannelOptions
        {
            SslOptions = ClusterTls.ClientOptions(uri.Host, certificate, validator),
            ConnectTimeout = TimeSpan.FromSeconds(1.5),
            // A node's whole assignment with its specs is one message.
            MaxReceiveMessageSize = MessageBytesMax,
            MaxSendMessageSize = MessageBytesMax,
            TimeProvider = time,
        });
    }
}
