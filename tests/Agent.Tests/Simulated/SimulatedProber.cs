// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Health;

namespace ClusterManager.Agent.Tests.Simulated;

/// <summary>Answers probes as the test wants, at once.</summary>
internal sealed class SimulatedProber : IProber
{
    public bool IsPassing { get; set; } = true;

    public int Count { get; private set; }

    public ProbeTarget? LastTarget { get; private set; }

    public Task<ProbeResult> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken)
    {
        Count++;
        LastTarget = target;
        return Task.FromResult(new ProbeResult(IsPassing, IsPassing ? "HTTP 200" : "HTTP 500"));
    }
}
