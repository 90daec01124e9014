// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;
using ClusterManager.Wire.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>Calls to a manager during <c>init</c> and <c>join</c>, before there is a context.</summary>
internal sealed class ManagerCalls(string clusterId, TrustBundle trust, CertificateWithKey? identity, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly List<GrpcChannel> _channels = [];

    /// <summary>A channel to <c>host:port</c>, verified by the cluster's roots.</summary>
    public GrpcChannel Open(string address)
    {
        var uri = new Uri($"https://{address}");
        var validator = new PeerValidator(clusterId, () => trust, time);
        var channel = GrpcChannel.ForAddress(uri, new GrpcChannelOptions
        {
            SslOptions = ClusterTls.ClientOptions(uri.Host, identity is null ? null : new CertificateHolder(identity), validator),
            ConnectTimeout = TimeSpan.FromSeconds(3),
        });
        _channels.Add(channel);
        return channel;
    }

    /// <summary>Options with a deadline.</summary>
    public CallOptions Options(CancellationToken cancellationToken) =>
        new(null, (time.GetUtcNow() + CallLimit).UtcDateTime, cancellationToken);

    /// <summary>Waits until the node is ready; says why it is not when the time is over.</summary>
    /// <exception cref="BootstrapException">The time is over.</exception>
    public Task WaitForNodeAsync(string address, string node, TimeSpan limit, CancellationToken cancellationToken) =>
        WaitForNodeAsync([address], node, null, limit, cancellationToken);

    /// <summary>Waits until any of these managers says that the node is ready and, unless null, that its agent has this version.</summary>
    /// <exception cref="BootstrapException">The time is over.</exception>
    public async Task WaitForNodeAsync(
        IReadOnlyList<string> addresses, string node, string? version, TimeSpan limit, CancellationToken cancellationToken)
    {
        var clients = addresses.Select(address => new NodeApi.NodeApiClient(Open(address).CreateCallInvoker())).ToArray();
        var started = time.GetTimestamp();
        string why;
        var turn = 0;
        do
        {
            try
            {
                var client = clients[turn++ % clients.Length];
                var status = (await client.GetAsync(new GetNodeRequest { Node = node }, Options(cancellationToken))).Status;
                if (status.State == NodeState.Ready && (version is null || status.Facts?.AgentVersion == version)) return;
                why = $"the manager sees the node as {status.State}, its agent as {status.Facts?.AgentVersion}";
            }
            catch (RpcException error) when (error.StatusCode is not StatusCode.Cancelled || !cancellationToken.IsCancellationRequested)
            {
                why = error.Status.Detail;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
        while (time.GetElapsedTime(started) < limit);
        throw new BootstrapException(
            BootstrapException.Failed, $"node {node} is not ready after {limit.TotalSeconds:0} s: {why}. "
            + "See the logs in the data directory's log/, and run the same command again to resume");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var channel in _channels) channel.Dispose();
    }
}
