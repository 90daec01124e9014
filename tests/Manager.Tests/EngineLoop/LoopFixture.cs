// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using Microsoft.Extensions.Logging.Abstractions;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>One term's loop over a fake Consul, with the real state, engine, writer, fence and beat.</summary>
internal sealed class LoopFixture : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConsulClient _client;

    public LoopFixture(TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        var state = States.Empty();
        var index = Consul.Put(StateKeys.Version, StoredFormat.Encode(StateWriter.VersionOf(state)));
        _client = Consul.CreateClient(clock);
        Fence = new Fence(clock);
        var identity = new ManagerIdentity(States.Cluster, ModelCluster.Id(1), "h1", "127.0.0.1:7443", 1);
        var beat = new LeaderBeat(_client, identity, clock, NullLogger<LeaderBeat>.Instance);
        var writer = new StateWriter(_client, FakeConsul.Session);
        Loop = new Manager.Engine.EngineLoop(state, index, writer, Fence, beat, clock, NullLogger<Manager.Engine.EngineLoop>.Instance);
    }

    public FakeConsul Consul { get; } = new();

    public Fence Fence { get; }

    public Manager.Engine.EngineLoop Loop { get; }

    public Task<string> Running { get; private set; } = Task.FromResult("not started");

    /// <summary>What Consul holds as committed.</summary>
    public StateVersion Stored => Wire.IdMapping.ToModel(
        StoredFormat.Decode(StateKeys.Version, Consul.Get(StateKeys.Version)!, V1.StoredVersion.Parser).Version);

    public LoopFixture Start()
    {
        Running = Loop.RunAsync(_stop.Token);
        return this;
    }

    public Task<MutationResult> CreateTokenAsync(string id) => Loop.SubmitAsync(States.CreateToken(id), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Running.WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (OperationCanceledException)
        {
            // Asked to.
        }

        _client.Dispose();
        _stop.Dispose();
    }
}
