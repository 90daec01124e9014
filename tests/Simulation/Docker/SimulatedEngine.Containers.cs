// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Agent.Docker;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Docker;

/// <summary>The life of containers, as the engine is asked for it.</summary>
internal sealed partial class SimulatedEngine
{
    public Task<ContainerCreated> CreateContainerAsync(ContainerRequest request, CancellationToken cancellationToken) => CallAsync(() =>
    {
        if (_containers.Values.Any(container => container.Request.Name == request.Name))
            throw new DockerException(DockerErrorKind.NameTaken, $"the name {request.Name} is taken");
        if (!_images.Contains(request.Image)) throw new DockerException(DockerErrorKind.ImageNotFound, $"no such image: {request.Image}");
        var id = string.Create(CultureInfo.InvariantCulture, $"{_host}-c{++_created:0000}");
        _containers[id] = new SimulatedContainer
        {
            Id = id, Request = request, Behaviour = SimulatedRegistry.BehaviourOf(request.Image),
                Created = WallTime,
        };
        Announce(_containers[id], "create");
        return new ContainerCreated(id, []);
    }, cancellationToken, _chance.Between(10, 120));

    public Task StartContainerAsync(string nameOrId, CancellationToken cancellationToken) => CallAsync(() =>
    {
        var container = Find(nameOrId);
        if (container.IsRunning) return true;
        if (container.Behaviour == ImageBehaviour.NoStart) throw new DockerException(DockerErrorKind.InvalidConfiguration,
            "exec: \"x\": executable file not found in $PATH");
        if (TakenPort(container) is { } port) throw new DockerException(DockerErrorKind.PortTaken, $"port {port} is allocated");
        Begin(container);
        return true;
    }, cancellationToken, _chance.Between(30, 300));

    public Task<ContainerDetails> InspectContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        CallAsync(() => Find(nameOrId).ToDetails(), cancellationToken);

    public Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<ContainerSummary>>(() => [.. _containers.Values.Reverse()
            .Where(container => labels.All(label => Matches(container.Request.Labels, label))).Select(container => container.ToSummary())],
            cancellationToken);

    public async Task StopContainerAsync(string nameOrId, TimeSpan grace, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource();
        await CallAsync(() =>
        {
            var container = Find(nameOrId);
            if (!container.IsRunning)
            {
                ended.TrySetResult();
                return true;
            }

            OnAskedToEnd(container, grace);
            var run = container.Run;
            var isObedient = container.Behaviour != ImageBehaviour.Stubborn && !Faults.CountIf("stop ignored", _chance.Chance(0.02));
            var life = _life;
            _timeline.After(isObedient ? _chance.Between(20, 1500) : grace, () =>
            {
                if (life != _life && !HasLiveRestore) return;
                if (container.Run == run) End(container, isObedient ? 0 : 137);
                ended.TrySetResult();
            });
            return true;
        }, cancellationToken);
        var lifeNow = _life;
        _timeline.After(grace + TimeSpan.FromSeconds(10), () => ended.TrySetException(new DockerException(DockerErrorKind.Timeout,
            "no answer")));
        await using var cancelled = cancellationToken.Register(() => ended.TrySetCanceled(cancellationToken));
        await ended.Task;
        if (lifeNow != _life) throw new DockerException(DockerErrorKind.EngineUnavailable, "the connection broke");
    }

    public Task RemoveContainerAsync(string nameOrId, bool force, bool removeAnonymousVolumes, CancellationToken cancellationToken) =>
        CallAsync(() =>
    {
        var container = Find(nameOrId);
        if (container.IsRunning && !force) throw new DockerException(DockerErrorKind.Conflict, "it runs");
        if (container.IsRunning) OnAskedToEnd(container, null);
        Destroy(container);
        return true;
    }, cancellationToken, _chance.Between(10, 150));

    public Task KillContainerAsync(string nameOrId, string signal, CancellationToken cancellationToken) => CallAsync(() =>
    {
        var container = Find(nameOrId);
        if (!container.IsRunning) throw new DockerException(DockerErrorKind.Conflict, "it does not run");
        OnAskedToEnd(container, null);
        var isKill = signal is "SIGKILL" or "KILL";
        if (isKill || container.Behaviour != ImageBehaviour.Stubborn) End(container, isKill ? 137 : 0);
        return true;
    }, cancellationToken, _chance.Between(5, 50));

    public async Task<ContainerExit> WaitContainerAsync(
        string nameOrId, WaitCondition condition, Action? registered, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource<ContainerExit>();
        await CallAsync(() =>
        {
            var container = Find(nameOrId);
            if (condition == WaitCondition.NotRunning && !container.IsRunning)
                ended.TrySetResult(new ContainerExit(container.ExitCode, null));
            else _waits.Add((container, condition, ended));
            registered?.Invoke();
            return true;
        }, cancellationToken);
        await using var cancelled = cancellationToken.Register(() => ended.TrySetCanceled(cancellationToken));
        return await ended.Task;
    }
}
