// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Tests.Docker;
using ClusterManager.Simulation.Docker;

namespace ClusterManager.Simulation.Tests.Contract;

/// <summary>Debian's Docker Engine 20.10.</summary>
public sealed class RealEngineUnderTest : IEngineUnderTest, IAsyncLifetime
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private RealEngine? _engine;
    private int _names;

    private RealEngine Engine => _engine ?? throw new InvalidOperationException("the engine does not run");

    public async Task InitializeAsync() => _engine = await RealEngine.StartOldAsync();

    public async Task DisposeAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
    }

    Task<T> IEngineUnderTest.DoAsync<T>(Func<IContainerEngine, Task<T>> call) => call(Engine.Client);

    async Task IEngineUnderTest.UntilAsync(Func<IContainerEngine, Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        while (!await isSo(Engine.Client)) await Task.Delay(Look, TimeProvider.System, limit.Token);
    }

    ContainerRequest IEngineUnderTest.Request(ImageBehaviour behaviour) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"contract-{++_names}"),
        Image = behaviour == ImageBehaviour.Missing ? "nobody/has:this" : RealEngine.Image,
        Command = behaviour switch
        {
            ImageBehaviour.Good => ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.05; done"],
            ImageBehaviour.Stubborn => ["sh", "-c", "trap '' TERM; while :; do sleep 0.05; done"],
            ImageBehaviour.Crash => ["sh", "-c", "sleep 0.3; exit 1"],
            ImageBehaviour.NoStart => ["/there/is/nothing"],
            _ => null,
        },
        StopTimeout = TimeSpan.FromSeconds(1),
    };

    async Task IEngineUnderTest.RestartAsync(bool liveRestore, Func<Task> meanwhile)
    {
        if (liveRestore)
        {
            await Engine.SetLiveRestoreAsync(true);
            await ((IEngineUnderTest)this).UntilAsync(async engine => (await engine.GetInfoAsync(CancellationToken.None)).LiveRestore);
        }

        await Engine.StopDaemonAsync();
        await meanwhile();
        await Engine.StartAgainAsync();
        if (liveRestore) await Engine.SetLiveRestoreAsync(false);
    }
}
