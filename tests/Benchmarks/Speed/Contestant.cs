// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using ClusterManager.Benchmarks.Failover;
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Benchmarks.Speed;

/// <summary>One way to have replicas on a node.</summary>
internal abstract class Contestant
{
    /// <summary>The label of its containers.</summary>
    public abstract string Label { get; }

    /// <summary>Asks for so many replicas; the time of asking is taken before.</summary>
    public abstract Task StartAsync(int replicas);

    /// <summary>Takes them all away again.</summary>
    public abstract Task EndAsync();
}

/// <summary>Our service, asked for by a client that stays connected.</summary>
internal sealed class OurService(WriteProbe client, string image) : Contestant
{
    public override string Label => "cluster.service=default/speed";

    public override Task StartAsync(int replicas) => client.ApplyAsync("speed", image, replicas);

    public override Task EndAsync() => client.RemoveAsync("speed");
}

/// <summary>Docker Swarm's service on the same engine.</summary>
/// <param name="engine">Where it is created.</param>
/// <param name="image">What it runs.</param>
/// <param name="network">An overlay network, on which its containers can resolve names as ours can; null: the default bridge.</param>
internal sealed class SwarmService(EngineApi engine, string image, string? network) : Contestant
{
    public override string Label => "com.docker.swarm.service.name=speed";

    public override Task StartAsync(int replicas) => engine.PostAsync("services/create", new JsonObject
    {
        ["Name"] = "speed",
        ["TaskTemplate"] = new JsonObject
        {
            ["ContainerSpec"] = new JsonObject { ["Image"] = image },
            ["Networks"] = network is null ? new JsonArray() : new JsonArray(new JsonObject { ["Target"] = network }),
        },
        ["Mode"] = new JsonObject { ["Replicated"] = new JsonObject { ["Replicas"] = replicas } },
        ["EndpointSpec"] = new JsonObject { ["Mode"] = "dnsrr" },
    });

    public override Task EndAsync() => engine.DeleteAsync("services/speed");
}

/// <summary>The engine alone: as many creates and starts in flight as serve it best.</summary>
internal sealed class BareEngine(EngineApi engine, JsonObject body, int parallel) : Contestant
{
    private int _number;

    public override string Label => "bench=bare";

    public override Task StartAsync(int replicas) => Parallel.ForEachAsync(
        Enumerable.Range(0, replicas), new ParallelOptions { MaxDegreeOfParallelism = parallel }, async (_, _) =>
        {
            var number = Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);
            await engine.RunAsync($"bare-{parallel}-{number}", body.DeepClone().AsObject());
        });

    public override async Task EndAsync() => await Parallel.ForEachAsync(
        await engine.IdsAsync(Label), new ParallelOptions { MaxDegreeOfParallelism = 8 },
        async (id, _) => await engine.DeleteAsync($"containers/{id}?force=1"));
}
