// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Benchmarks.Failover;
using ClusterManager.Lab.Tests.Harness;
using ClusterManager.Wire.V1;
using Grpc.Core;

namespace ClusterManager.Benchmarks.FalseDeaths;

/// <summary>Asks again and again what the leader believes of the nodes, and remembers what must not be.</summary>
public sealed class NodeObserver(WriteProbe client)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Answers.</summary>
    public int Answers { get; private set; }

    /// <summary>Answers in which a node was away, its containers serving on.</summary>
    public int Away { get; private set; }

    /// <summary>Each node that was believed dead, with the time.</summary>
    public SortedSet<string> Dead { get; } = new(StringComparer.Ordinal);

    /// <summary>Asks until the time is over; an answer that fails is no answer.</summary>
    public async Task WatchAsync(TimeSpan length)
    {
        var end = TimeProvider.System.GetUtcNow() + length;
        while (TimeProvider.System.GetUtcNow() < end)
        {
            try
            {
                Take(await client.NodesAsync());
            }
            catch (RpcException)
            {
                // The manager asked stands still, or the leader changes.
            }

            await Task.Delay(Interval, TimeProvider.System);
        }
    }

    /// <summary>The lives of a service's containers: equal before and after only if none was moved or restarted.</summary>
    public static IReadOnlyList<string> Lives(IEnumerable<LabContainer> containers) =>
        [.. containers.Select(container => $"{container.Id} {container.StartedAt}").Order(StringComparer.Ordinal)];

    private void Take(NodeList nodes)
    {
        Answers++;
        if (nodes.Nodes.Any(node => node.State == NodeState.AgentAway)) Away++;
        foreach (var node in nodes.Nodes.Where(node => node.State == NodeState.Down))
            Dead.Add($"{node.Name} at {TimeProvider.System.GetUtcNow():HH:mm:ss}");
    }
}
