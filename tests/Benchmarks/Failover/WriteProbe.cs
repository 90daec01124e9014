// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using ClusterManager.Hosting.Security;
using ClusterManager.Wire.V1;
using Grpc.Core;
using Grpc.Net.Client;
using LabHosts = ClusterManager.Lab.Tests.Harness.Lab;

namespace ClusterManager.Benchmarks.Failover;

/// <summary>
/// An operator's client that stays connected to one manager and asks for one small change after the other: a scale to the number that is
/// there, which moves nothing and is committed under the fence all the same.
/// </summary>
public sealed partial class WriteProbe : IDisposable
{
    private static readonly TimeSpan TryFor = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly GrpcChannel _channel;
    private readonly ServiceApi.ServiceApiClient _client;
    private readonly NodeApi.NodeApiClient _nodes;
    private readonly string _service;
    private readonly int _replicas;

    private WriteProbe(GrpcChannel channel, string service, int replicas)
    {
        _channel = channel;
        _client = new ServiceApi.ServiceApiClient(channel);
        _nodes = new NodeApi.NodeApiClient(channel);
        (_service, _replicas) = (service, replicas);
    }

    /// <summary>Connects to the manager of a host and makes one change, so that all is warm.</summary>
    public static async Task<WriteProbe> OpenAsync(LabHosts lab, string host, string service, int replicas)
    {
        var config = await File.ReadAllTextAsync(Path.Combine(lab.Directory, "operator", "config.yaml"));
        var pair = CertificateWithKey.TryParse($"{Pem(config, "certificate")}\n{Pem(config, "key")}")
            ?? throw new InvalidOperationException("the operator's context has no certificate");
        var trust = TrustBundle.TryParse(Pem(config, "ca"), out var problem) ?? throw new InvalidOperationException(problem);
        var validator = new PeerValidator(PeerIdentity.TryRead(pair.Certificate)!.ClusterId, () => trust, TimeProvider.System);
        var channel = GrpcChannel.ForAddress(new Uri($"https://{lab.AddressOf(host)}:7443"), new GrpcChannelOptions
        {
            SslOptions = ClusterTls.ClientOptions(lab.AddressOf(host), new CertificateHolder(pair), validator),
            ConnectTimeout = TimeSpan.FromSeconds(1),
        });
        var probe = new WriteProbe(channel, service, replicas);
        await probe.NextAsync(TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(20));
        return probe;
    }

    /// <summary>Tries until a change is acknowledged, and tells how long after <paramref name="since"/> that was.</summary>
    /// <exception cref="TimeoutException">None was within <paramref name="limit"/>; it has the last refusal.</exception>
    public async Task<TimeSpan> NextAsync(DateTimeOffset since, TimeSpan limit)
    {
        while (true)
        {
            try
            {
                var request = new ScaleRequest { RequestId = Guid.NewGuid().ToString("n") };
                request.Targets.Add(new ScaleTarget
                {
                    Name = new ServiceName { Stack = "default", Name = _service }, Replicas = _replicas,
                });
                await _client.ScaleAsync(request, deadline: TimeProvider.System.GetUtcNow().Add(TryFor).UtcDateTime);
                return TimeProvider.System.GetUtcNow() - since;
            }
            catch (RpcException refused)
            {
                if (TimeProvider.System.GetUtcNow() - since > limit)
                    throw new TimeoutException($"no change was acknowledged within {limit.TotalSeconds} s: {refused.Status}", refused);
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>Makes a service without ports; returns when the change is committed.</summary>
    public async Task ApplyAsync(string name, string image, int replicas) => await _client.ApplyAsync(new ApplyServiceRequest
    {
        RequestId = Guid.NewGuid().ToString("n"),
        Expect = Expect.Any,
        Spec = new ServiceSpec
        {
            Name = new ServiceName { Stack = "default", Name = name }, Mode = ServiceMode.Replicated, Replicas = replicas,
            Container = new ContainerSpec { Image = image }, ProgressDeadlineMs = 300_000,
        },
    }, deadline: TimeProvider.System.GetUtcNow().AddSeconds(20).UtcDateTime);

    /// <summary>What the leader believes of the nodes.</summary>
    public async Task<NodeList> NodesAsync() =>
        await _nodes.ListAsync(new ListNodesRequest(), deadline: TimeProvider.System.GetUtcNow().Add(TryFor).UtcDateTime);

    /// <summary>Removes a service; returns when the change is committed.</summary>
    public async Task RemoveAsync(string name)
    {
        var request = new RemoveServicesRequest { RequestId = Guid.NewGuid().ToString("n") };
        request.Names.Add(new ServiceName { Stack = "default", Name = name });
        await _client.RemoveAsync(request, deadline: TimeProvider.System.GetUtcNow().AddSeconds(20).UtcDateTime);
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    // The context's file has each PEM as an indented block below its key.
    private static string Pem(string config, string key)
    {
        var block = Regex.Match(config, $@"^ +{key}: \|\n((?: {{6,}}.*\n?)+)", RegexOptions.Multiline);
        return Indent().Replace(block.Groups[1].Value, "");
    }

    [GeneratedRegex("^ +", RegexOptions.Multiline)]
    private static partial Regex Indent();
}
