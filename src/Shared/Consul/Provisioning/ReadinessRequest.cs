// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Consul.Provisioning;

/// <summary>What must hold before a Consul counts as ready.</summary>
public sealed record ReadinessRequest
{
    /// <summary>
    /// Names of the nodes that must all be voters; empty (default) asks only for a leader. A server that has just come back may not
    /// vote for ten seconds: losing another one in that time would cost the quorum.
    /// </summary>
    public ImmutableArray<string> Voters { get; init; } = [];

    /// <summary>True when the client's token must be honoured already: a new cluster has no tokens for a moment. Default false.</summary>
    public bool NeedsAcl { get; init; }

    /// <summary>How long to wait at most. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The pause between looks. Default 100 ms.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(100);
}
