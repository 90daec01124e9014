// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Agent.Docker;
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Docker;

namespace ClusterManager.Simulation.Tests.Contract;

/// <summary>The simulated engine, without faults, on a timeline of its own.</summary>
internal sealed class SimulatedEngineUnderTest : IEngineUnderTest
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly Timeline _timeline = new();
    private readonly SimulatedEngine _engine;
    private int _names;

    public SimulatedEngineUnderTest()
    {
        var calm = FaultMix.Draw(1).Healed() with { BadImages = 0.5 };
        _engine = new SimulatedEngine(_timeline, 1, "contract", () => calm, static _ => { });
    }

    public Task<T> DoAsync<T>(Func<IContainerEngine, Task<T>> call)
    {
        // Continuations must come on this thread, which is the one that drives the time.
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var answer = call(_engine);
            for (var end = _timeline.Now + Limit; !answer.IsCompleted && _timeline.Now < end;) _timeline.RunUntil(_timeline.Now + Step);
            return answer;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    public async Task UntilAsync(Func<IContainerEngine, Task<bool>> isSo)
    {
        for (var end = _timeline.Now + Limit; _timeline.Now < end; _timeline.RunUntil(_timeline.Now + Step))
            if (await DoAsync(isSo)) return;
        Assert.Fail("it did not come to be so");
    }

    public ContainerRequest Request(ImageBehaviour behaviour)
    {
        var image = SimulatedRegistry.NameOf(behaviour, 1);
        if (behaviour != ImageBehaviour.Missing) _engine.HaveImage(image);
        return new ContainerRequest { Name = string.Create(CultureInfo.InvariantCulture, $"t{++_names}"), Image = image };
    }

    public async Task RestartAsync(bool liveRestore, Func<Task> meanwhile)
    {
        _engine.HasLiveRestore = liveRestore;
        _engine.Down(isPowerCut: false);
        await meanwhile();
        _engine.Up();
    }
}
