// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Tests.Docker;

/// <summary>Both engines, started once for all real tests.</summary>
public sealed class EnginesFixture : IAsyncLifetime
{
    private readonly Dictionary<string, RealEngine> _engines = [];

    internal RealEngine this[string name] => _engines[name];

    public async Task InitializeAsync()
    {
        foreach (var engine in await Task.WhenAll(RealEngine.StartOldAsync(), RealEngine.StartNewestAsync()))
            _engines.Add(engine.Name, engine);
    }

    public async Task DisposeAsync()
    {
        foreach (var engine in _engines.Values)
            await engine.DisposeAsync();
    }
}
