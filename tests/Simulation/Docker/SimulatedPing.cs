// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Docker;

/// <summary>The sign of life of an engine. It draws nothing, so that a seed's other draws stay what they were.</summary>
internal static class SimulatedPing
{
    public static Task AnswerAsync(Timeline timeline, bool isUp, bool isHung, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        if (!isUp) return Task.FromException(new DockerException(DockerErrorKind.EngineUnavailable, "ping"));
        if (!isHung) return Task.CompletedTask;
        var answer = new TaskCompletionSource();
        var registration = cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
        timeline.After(limit, () =>
        {
            registration.Dispose();
            answer.TrySetException(new DockerException(DockerErrorKind.Timeout, "ping"));
        });
        return answer.Task;
    }
}
