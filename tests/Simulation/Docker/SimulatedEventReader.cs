// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Simulation.Docker;

/// <summary>One connection to the engine's events.</summary>
internal sealed class SimulatedEventReader(EngineEventFilter filter) : IEngineEventReader
{
    private readonly Queue<EngineEvent> _come = new();
    private TaskCompletionSource<EngineEvent>? _waiting;
    private bool _isBroken;

    /// <summary>An event arrives.</summary>
    public void Bring(EngineEvent happened)
    {
        if (!IsWanted(happened)) return;
        if (_waiting is { } waiting)
        {
            _waiting = null;
            waiting.TrySetResult(happened);
        }
        else _come.Enqueue(happened);
    }

    /// <summary>The connection ends.</summary>
    public void Break()
    {
        _isBroken = true;
        _waiting?.TrySetException(Broken());
        _waiting = null;
    }

    public ValueTask<EngineEvent> ReadAsync(CancellationToken cancellationToken)
    {
        if (_come.TryDequeue(out var happened)) return ValueTask.FromResult(happened);
        if (_isBroken) return ValueTask.FromException<EngineEvent>(Broken());
        _waiting = new TaskCompletionSource<EngineEvent>();
        return new ValueTask<EngineEvent>(_waiting.Task);
    }

    private bool IsWanted(EngineEvent happened) =>
        (filter.Types.Count == 0 || filter.Types.Contains(happened.Type))
        && (filter.Actions.Count == 0 || filter.Actions.Contains(happened.Action))
        && filter.Labels.All(label => SimulatedEngine.Matches(happened.Attributes, label));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static DockerException Broken() => new(DockerErrorKind.EngineUnavailable, "the event stream ended");
}
