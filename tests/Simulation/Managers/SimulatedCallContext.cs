// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;

namespace ClusterManager.Simulation.Managers;

/// <summary>The context of a call that did not come over HTTP.</summary>
internal sealed class SimulatedCallContext(CancellationToken broken) : ServerCallContext
{
    protected override string MethodCore => "/clustermanager.v1.AgentApi/Session";

    protected override string HostCore => "simulated";

    protected override string PeerCore => "unknown";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => broken;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; } = Status.DefaultSuccess;

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}
