// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Simulation.Consul;
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Network;

namespace ClusterManager.Simulation.Tests.Contract;

/// <summary>The contract, kept by the simulated Consul.</summary>
public sealed class SimulatedConsulTests : ConsulContractTests
{
    internal override Task WithAsync(Func<ConsulBackend, Task> story) => SimulatedStory.TellAsync(story);
}

/// <summary>The contract's second part, kept by the simulated Consul.</summary>
public sealed class SimulatedConsulWaitingTests : ConsulWaitingContractTests
{
    internal override Task WithAsync(Func<ConsulBackend, Task> story) => SimulatedStory.TellAsync(story);
}

/// <summary>Drives one story over virtual time.</summary>
internal static class SimulatedStory
{
    private const string Host = "h1";

    public static Task TellAsync(Func<ConsulBackend, Task> story)
    {
        var timeline = new Timeline();
        var calm = FaultMix.Draw(1).Healed();
        var network = new SimulatedNetwork(timeline, 1, () => calm);
        var consul = new SimulatedConsul(timeline, network, 1, () => calm, static _ => { }, [Host], 1, static _ => true);
        var process = new SimulatedProcess(timeline, static () => TimeSpan.Zero, static error => Assert.Fail(error.ToString()));
        using var client = new ConsulClient(new ConsulClientOptions { Time = process.Time }, new ConsulHandler(consul, Host, process));
        Task? told = null;
        process.Run(() => told = story(new ConsulBackend(client, Host)));
        var limit = TimeSpan.FromMinutes(2);
        while (told is not { IsCompleted: true } && timeline.Now < limit) timeline.RunUntil(timeline.Now + TimeSpan.FromMilliseconds(100));
        Assert.True(told is { IsCompleted: true }, "the story does not end");
        Assert.Equal(0, timeline.ForeignPosts);
        return told!;
    }
}
