// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Health;

namespace ClusterManager.Hollow.Engine;

/// <summary>Finds every container well.</summary>
internal sealed class HollowProber : IProber
{
    private static readonly Task<ProbeResult> Well = Task.FromResult(ProbeResult.Of(true, "hollow"));

    public Task<ProbeResult> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken) => Well;
}
