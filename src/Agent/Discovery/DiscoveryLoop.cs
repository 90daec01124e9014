// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Node;
using ClusterManager.Agent.Telemetry;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Logging;
using ClusterManager.Model;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Discovery;

/// <summary>
/// Keeps the node's registry true: compares what should be registered with what is, at every change, every 15 s, and each second while the
/// registry does not answer. Never in the way of a container.
/// </summary>
internal sealed partial class DiscoveryLoop
{
    /// <summary>Everything is compared and beaten anew; a fifth of the checks' time to live.</summary>
    public static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private readonly NodeIdentity _node;
    private readonly StatusBoard _board;
    private readonly IServiceRegistry _registry;
    private readonly AllocationSupervisor _supervisor;
    private readonly AgentClock _clock;
    private readonly ILogger<DiscoveryLoop> _logger;
    private ImmutableSortedDictionary<AllocationId, Registration>? _applied;
    private TimeSpan _beatAt;
    private volatile bool _isFailing;

    /// <summary>A loop over one registry.</summary>
    public DiscoveryLoop(RunnerContext context, IServiceRegistry registry, AllocationSupervisor supervisor, ILogger<DiscoveryLoop> logger)
    {
        _node = context.Node;
        _board = context.Board;
        _clock = context.Clock;
        _registry = registry;
        _supervisor = supervisor;
        _logger = logger;
    }

    /// <summary>Which allocations have an entry, and whether the service's own name leads to it, as last applied.</summary>
    public LatestValue<ImmutableSortedDictionary<AllocationId, bool>> Applied { get; } =
        new(ImmutableSortedDictionary<AllocationId, bool>.Empty);

    /// <summary>True while the registry took what it was last told; false before the first time.</summary>
    public bool IsAnswered => _applied is not null && !_isFailing;

    /// <summary>Runs until cancelled; what is registered then stays, and its checks hold for their time to live.</summary>
    /// <remarks>
    /// The first comparison waits for the engine's first list: an agent that has just begun must not take away what it has not looked at.
    /// While no engine answers, the checks' time to live runs and callers are kept away.
    /// </remarks>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var listed = _supervisor.HasListed.Subscribe();
        while (!await listed.NextAsync(cancellationToken))
        {
            // Not yet.
        }
        var changes = _board.Subscribe();
        while (true)
        {
            await ReconcileAsync(cancellationToken);
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var change = changes.NextAsync(wait.Token).AsTask();
            var timer = _clock.DelayUntilAsync(_isFailing ? _clock.Now + RetryInterval : _beatAt, wait.Token);
            await Task.WhenAny(change, timer);
            wait.Cancel();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        var isBeatDue = _clock.Now >= _beatAt;
        var views = _board.Current;
        var isApplied = IsApplied(views);
        if (!isBeatDue && !_isFailing && isApplied) return;
        try
        {
            var actual = await _registry.ListAsync(cancellationToken);
            var wanted = RegistrationBuilder.Build(_node, views.Values, actual);
            if (await AnnounceAsync(wanted, cancellationToken))
            {
                var announced = wanted;
                var now = _board.Current.Values.Where(view => announced.ContainsKey(view.Facts.Id));
                wanted = RegistrationBuilder.Build(_node, now, actual);
            }

            foreach (var change in RegistrationReconciler.Reconcile(wanted.Values, actual, isBeatDue))
            {
                await _registry.ApplyAsync(change, cancellationToken);
                if (change is RegistrationChange.SetCheck { IsPassing: true }) continue;
                LogChanged(_logger, change.GetType().Name, change.Id);
                if (isApplied) AgentMeter.Repaired(1);
            }
            await DoneAsync(wanted, isBeatDue, cancellationToken);
        }
        catch (RegistryUnavailableException error)
        {
            if (!_isFailing) LogUnavailable(_logger, error.Message);
            _isFailing = true;
        }
    }

    /// <summary>
    /// What is about to be registered counts as known before it is: told to stop while its first registration is on its way, a replica
    /// would else end at once, and callers would be sent to it.
    /// </summary>
    /// <returns>True when there was something to announce: who has been told to stop before is not registered any more.</returns>
    private async Task<bool> AnnounceAsync(
        ImmutableSortedDictionary<AllocationId, Registration> wanted, CancellationToken cancellationToken)
    {
        // Before the first comparison whatever runs counts as known.
        if (_applied is not { } applied || wanted.Keys.All(applied.ContainsKey)) return false;
        await _supervisor.PostAsync(new SupervisorMessage.Discovered([.. applied.Keys, .. wanted.Keys]), cancellationToken);
        await _supervisor.ProveAsync(cancellationToken);
        return true;
    }

    private async Task DoneAsync(
        ImmutableSortedDictionary<AllocationId, Registration> wanted, bool wasBeatDue, CancellationToken cancellationToken)
    {
        if (_isFailing) LogAvailable(_logger);
        _isFailing = false;
        _applied = wanted;
        if (wasBeatDue) _beatAt = _clock.Now + BeatInterval;
        Applied.Publish(wanted.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value is { IsPassing: true, IsTold: true }));
        await _supervisor.PostAsync(new SupervisorMessage.Discovered([.. wanted.Keys]), cancellationToken);
    }

    private bool IsApplied(ImmutableSortedDictionary<AllocationId, AllocationView> views) =>
        _applied is { } applied && IsSame(applied, RegistrationBuilder.Build(_node, views.Values, applied.Values.ToArray()));

    private static bool IsSame(
        ImmutableSortedDictionary<AllocationId, Registration> left, ImmutableSortedDictionary<AllocationId, Registration> right)
    {
        if (left.Count != right.Count) return false;
        foreach (var (id, entry) in left)
        {
            if (!right.TryGetValue(id, out var other) || other.IsPassing != entry.IsPassing || !other.IsSameService(entry)) return false;
        }
        return true;
    }

    [LoggerMessage(EventIds.AgentDiscovery, LogLevel.Information, "Discovery: {Change} {RegistrationId}",
        EventName = "RegistrationChanged")]
    private static partial void LogChanged(ILogger logger, string change, string registrationId);

    [LoggerMessage(EventIds.AgentDiscovery + 1, LogLevel.Warning, "The node's Consul does not take registrations: {Problem}",
        EventName = "RegistryUnavailable")]
    private static partial void LogUnavailable(ILogger logger, string problem);

    [LoggerMessage(EventIds.AgentDiscovery + 2, LogLevel.Information, "The node's Consul takes registrations again",
        EventName = "RegistryAvailable")]
    private static partial void LogAvailable(ILogger logger);
}
