// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Docker;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Logging;
using ClusterManager.Hosting.Time;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Node;

/// <summary>
/// Tells the supervisor what the engine says: events as they come, a full list after each (re)connection and every 30 s, and whether it
/// answers. A socket that may not be opened is an engine that is down, with the reason; so is an engine that hangs.
/// </summary>
internal sealed partial class EngineWatch
{
    /// <summary>The list catches what events missed.</summary>
    public static readonly TimeSpan ListInterval = TimeSpan.FromSeconds(30);

    // A list that failed is asked for again soon, and ever later.
    private static readonly Backoff ListRetries = new() { First = TimeSpan.FromSeconds(1), Cap = ListInterval };

    private static readonly string[] Interesting = ["create", "start", "die", "oom", "destroy", "pause", "unpause", "restart"];
    private readonly RunnerContext _context;
    private readonly AllocationSupervisor _supervisor;
    private readonly ILogger<EngineWatch> _logger;
    private readonly EnginePulse _pulse;
    private readonly LatestValue<(int Connection, string? Problem)> _stream = new((0, EngineStatus.Unknown.Problem));
    private readonly LatestValue<int> _listRequests = new(0);
    private int _connection;

    /// <summary>A watch that feeds one supervisor.</summary>
    public EngineWatch(RunnerContext context, AllocationSupervisor supervisor, ILogger<EngineWatch> logger)
    {
        _context = context;
        _supervisor = supervisor;
        _logger = logger;
        _pulse = new EnginePulse(context.Engine, context.Clock.Provider);
    }

    /// <summary>How the engine is now.</summary>
    public LatestValue<EngineStatus> Status { get; } = new(EngineStatus.Unknown);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var tasks = new OwnedTasks(cancellationToken);
        tasks.TryStart(PumpAsync);
        tasks.TryStart(JudgeAsync);
        tasks.TryStart(_pulse.RunAsync);
        tasks.TryStart(ListAsync);
        await tasks.WhenEndedAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private string Filter => ContainerLabels.Filter(_context.Node.Cluster);

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        var filter = new EngineEventFilter { Types = ["container"], Labels = [Filter] };
        var stream = new EngineEventStream(_context.Engine, filter, _context.Clock.Provider);
        await foreach (var notice in stream.ReadAsync(cancellationToken))
        {
            switch (notice)
            {
                case EngineNotice.Connected:
                    _stream.Publish((_stream.Current.Connection + 1, null));
                    break;
                case EngineNotice.Disconnected lost:
                    _stream.Publish(_stream.Current with { Problem = lost.Message });
                    break;
                case EngineNotice.Happened happened:
                    await TellAsync(happened.Event, cancellationToken);
                    break;
            }
        }
    }

    // The only one that says up or down. A new connection is looked at afresh even if nobody saw the old one break.
    private async Task JudgeAsync(CancellationToken cancellationToken)
    {
        var stream = _stream.Subscribe();
        var pulse = _pulse.Problem.Subscribe();
        while (true)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(stream.NextAsync(wait.Token).AsTask(), pulse.NextAsync(wait.Token).AsTask());
            wait.Cancel();
            cancellationToken.ThrowIfCancellationRequested();
            var (connection, problem) = _stream.Current;
            problem ??= _pulse.Problem.Current;
            if (problem is not null)
            {
                if (connection > 0 || problem != EngineStatus.Unknown.Problem) await DownAsync(problem, cancellationToken);
            }
            else if (connection != _connection || !Status.Current.IsUp)
            {
                _connection = connection;
                await UpAsync(cancellationToken);
                _listRequests.Publish(_listRequests.Current + 1);
            }
        }
    }

    private async Task TellAsync(EngineEvent happened, CancellationToken cancellationToken)
    {
        var isHealth = happened.Action.StartsWith("health_status", StringComparison.Ordinal);
        if (!isHealth && !Interesting.Contains(happened.Action)) return;
        if (ContainerLabels.OwnerOf(happened.Attributes, _context.Node.Cluster) is not { } id) return;
        await _supervisor.PostAsync(new SupervisorMessage.Happened(id), cancellationToken);
    }

    private async Task UpAsync(CancellationToken cancellationToken)
    {
        var info = Status.Current.Info;
        try
        {
            info = await _context.Engine.GetInfoAsync(cancellationToken);
            await _context.Network.EnsureAsync(cancellationToken);
        }
        catch (DockerException error)
        {
            LogListFailed(_logger, error.Kind, error.Message);
        }
        if (!Status.Current.IsUp) LogEngineUp(_logger, info?.ServerVersion ?? "?");
        Status.Publish(new EngineStatus(true, "", info));
        await _supervisor.PostAsync(new SupervisorMessage.EngineUp(), cancellationToken);
    }

    private async Task DownAsync(string problem, CancellationToken cancellationToken)
    {
        var before = Status.Current;
        if (!before.IsUp && before.Problem == problem) return;
        LogEngineDown(_logger, problem);
        Status.Publish(before with { IsUp = false, Problem = problem });
        await _supervisor.PostAsync(new SupervisorMessage.EngineDown(), cancellationToken);
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var requests = _listRequests.Subscribe();
        var failures = 0;
        while (true)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var pause = failures == 0 ? ListInterval : ListRetries.After(_context.Node.Id.ToString(), failures);
            var request = requests.NextAsync(wait.Token).AsTask();
            await Task.WhenAny(request, Pause.ForAsync(pause, _context.Clock.Provider, wait.Token));
            wait.Cancel();
            cancellationToken.ThrowIfCancellationRequested();
            failures = await TryListAsync(cancellationToken) ? 0 : failures + 1;
        }
    }

    private async Task<bool> TryListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var containers = await _context.Engine.ListContainersAsync([Filter], cancellationToken);
            await _supervisor.PostAsync(new SupervisorMessage.Listed([.. containers.Select(Found).OfType<FoundContainer>()]),
                cancellationToken);
            return true;
        }
        catch (DockerException error)
        {
            LogListFailed(_logger, error.Kind, error.Message);
            return false;
        }
    }

    private FoundContainer? Found(ContainerSummary container) =>
        ContainerLabels.OwnerOf(container.Labels, _context.Node.Cluster) is { } id
            ? new FoundContainer(container.Id, id, container.State is ContainerState.Running or ContainerState.Paused, container.Created)
            : null;

    [LoggerMessage(EventIds.AgentAllocations + 10, LogLevel.Information, "The engine answers, version {Version}", EventName = "EngineUp")]
    private static partial void LogEngineUp(ILogger logger, string version);

    [LoggerMessage(EventIds.AgentAllocations + 11, LogLevel.Warning, "The engine does not answer: {Problem}", EventName = "EngineDown")]
    private static partial void LogEngineDown(ILogger logger, string problem);

    [LoggerMessage(EventIds.AgentAllocations + 12, LogLevel.Warning, "The engine did not list ({Kind}): {Problem}",
        EventName = "EngineListFailed")]
    private static partial void LogListFailed(ILogger logger, DockerErrorKind kind, string problem);
}
