// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Telemetry;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterManager.Manager.Tests.Telemetry;

/// <summary>A manager's metrics over a term that does not run: the test publishes snapshots itself.</summary>
internal sealed class TelemetryFixture : IAsyncDisposable
{
    private readonly LoopFixture _loop = new();
    private readonly ConsulClient _client;
    private readonly ClusterCertificateAuthority _authority =
        ClusterCertificateAuthority.Create(States.Cluster.ToString(), TimeProvider.System);

    public TelemetryFixture()
    {
        _client = _loop.Consul.CreateClient(TimeProvider.System);
        var identity = new ManagerIdentity(States.Cluster, ModelCluster.Id(1), "h1", "127.0.0.1:7443", 1);
        var watch = new LeaderWatch(_client, NullLogger<LeaderWatch>.Instance);
        Leadership = new LeadershipLoop(_client, watch, null!, null!, identity, NullLogger<LeadershipLoop>.Instance);
        var certificate = _authority.IssueWithKey(new PeerIdentity(PeerRole.Manager, "h1", States.Cluster.ToString()), []);
        Metrics = new ManagerTelemetry(Leadership, watch, new CertificateHolder(certificate), TimeProvider.System);
    }

    public LeadershipLoop Leadership { get; }

    public ManagerTelemetry Metrics { get; }

    public SessionRegistry Sessions { get; } = new();

    public ConsulClient Client => _client;

    /// <summary>This manager leads, with this state.</summary>
    public void Lead(ClusterState state)
    {
        _loop.Loop.Snapshots.Publish(state);
        Leadership.Term.Publish(new LeaderTerm(10, _loop.Loop, _loop.Fence, Sessions, null!, null!));
    }

    /// <summary>A session of the node's agent, which has reported.</summary>
    public AgentSession Open(int node) => new(
        ModelCluster.Id(node), Sessions.NextNumber(), _loop.Loop, _loop.Fence, new ClusterMapSource(() => _authority.Trust, 7443),
        TimeProvider.System, NullLogger<AgentSession>.Instance);

    /// <summary>The lines of a metric in Prometheus' text.</summary>
    public IReadOnlyList<string> Lines(string name) =>
    [
        .. ExpositionWriter.Write(Metrics.Read(), ExpositionFormat.PrometheusText).Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && (line[name.Length] is '{' or ' ')),
    ];

    public async ValueTask DisposeAsync()
    {
        Metrics.Dispose();
        _client.Dispose();
        _authority.Dispose();
        await _loop.DisposeAsync();
    }
}
