// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;
using ClusterManager.Hollow.Engine;
using ClusterManager.Hosting.Concurrency;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterManager.Hollow.Agents;

/// <summary>Many hollow agents in one process. Ends them all when it is disposed.</summary>
/// <param name="startDelay">How long each engine takes to start a container.</param>
/// <param name="time">The clock.</param>
internal sealed class HollowFleet(TimeSpan startDelay, TimeProvider time) : IAsyncDisposable
{
    private const int JoinsAtOnce = 4;
    private readonly OwnedTasks _tasks = new(CancellationToken.None);
    private readonly List<HollowAgent> _agents = [];

    /// <summary>All agents.</summary>
    public IReadOnlyList<HollowAgent> Agents => _agents;

    /// <summary>How many have a session.</summary>
    public int EstablishedCount => _agents.Count(agent => agent.IsEstablished);

    /// <summary>How many containers run on all of them.</summary>
    public int RunningCount => _agents.Sum(agent => agent.Engine.RunningCount);

    /// <summary>Told of each container that has begun to run; must not block.</summary>
    public Action<ContainerRequest> OnStarted { get; set; } = static _ => { };

    /// <summary>Cancelled when an agent failed: its failure surfaces when the fleet is disposed.</summary>
    public CancellationToken Failing => _tasks.Stopping;

    /// <summary>Enrolls nodes 1 to <paramref name="count"/> and starts their agents.</summary>
    public async Task StartAsync(HollowJoin join, int count, CancellationToken cancellationToken)
    {
        for (var first = 1; first <= count; first += JoinsAtOnce)
        {
            var numbers = Enumerable.Range(first, Math.Min(JoinsAtOnce, count - first + 1));
            foreach (var configuration in await Task.WhenAll(numbers.Select(number => join.RunAsync(number, cancellationToken))))
            {
                var engine = new HollowEngine(configuration.Node.Name, startDelay, time) { OnStarted = request => OnStarted(request) };
                var agent = new HollowAgent(configuration, engine, NullLoggerFactory.Instance, time);
                _agents.Add(agent);
                _tasks.TryStart(agent.RunAsync);
            }
        }
    }

    /// <summary>Cuts the connection of one agent.</summary>
    public void CutOne(Random random) => _agents[random.Next(_agents.Count)].Cut();

    /// <summary>Crashes a container of one agent.</summary>
    public void CrashOne(Random random) => _agents[random.Next(_agents.Count)].Engine.Crash(random);

    /// <summary>Ends all agents; throws the first failure of any.</summary>
    public async ValueTask DisposeAsync()
    {
        _tasks.Stop();
        await _tasks.WhenEndedAsync();
        _tasks.Dispose();
    }
}
