// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;

namespace ClusterManager.Manager.Tests.Support;

/// <summary>The context of a call that did not come over HTTP.</summary>
internal sealed class CallContextDouble(DateTime deadline) : ServerCallContext
{
    protected override string MethodCore => "/clustermanager.v1.ClusterApi/Status";

    protected override string HostCore => "localhost";

    protected override string PeerCore => "unknown";

    protected override DateTime DeadlineCore => deadline;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => CancellationToken.None;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; } = Status.DefaultSuccess;

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}
