// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;
using ClusterManager.Simulation.Docker;

namespace ClusterManager.Simulation.Tests.Contract;

/// <summary>An engine that the contract is held against, simulated or real.</summary>
internal interface IEngineUnderTest
{
    /// <summary>Carries out a call; a simulated engine's time goes on until it is answered.</summary>
    Task<T> DoAsync<T>(Func<IContainerEngine, Task<T>> call);

    /// <summary>Lets time pass until it is so; fails after a while.</summary>
    Task UntilAsync(Func<IContainerEngine, Task<bool>> isSo);

    /// <summary>A container whose process behaves so, with a name that nobody else uses.</summary>
    ContainerRequest Request(ImageBehaviour behaviour);

    /// <summary>The engine ends and begins again.</summary>
    /// <param name="liveRestore">It was told to leave its containers running.</param>
    /// <param name="meanwhile">Called while it is away.</param>
    Task RestartAsync(bool liveRestore, Func<Task> meanwhile);
}
