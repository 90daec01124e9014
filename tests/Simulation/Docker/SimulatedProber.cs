// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Health;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Docker;

/// <summary>
/// Asks the simulated containers of one host: a sick one never answers well, a good one is well a moment after its start.
/// </summary>
internal sealed class SimulatedProber(Timeline timeline, ulong seed, string host, SimulatedEngine engine) : IProber
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(300);
    private readonly SeededStream _chance = new(seed, $"probes/{host}");

    public Task<ProbeResult> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<ProbeResult>();
        timeline.After(_chance.Between(0.5, 20), () => answer.TrySetResult(Ask(target)));
        return answer.Task;
    }

    private ProbeResult Ask(ProbeTarget target)
    {
        var container = engine.Containers.FirstOrDefault(container => container.Id == target.Address);
        if (container is not { IsRunning: true }) return ProbeResult.Of(false, "connection refused");
        if (container.Behaviour == ImageBehaviour.Sick) return ProbeResult.Of(false, "HTTP 503");
        return ProbeResult.Of(container.BeganAt is { } began && timeline.Now - began >= WarmUp, "HTTP 200");
    }
}
