// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Hosting.Time;
using ClusterManager.Manager.Api;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Tracking;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Registry;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Tracking;

/// <summary>
/// Follows images in their registries while this manager leads: asks what is due, once for all services that it concerns, and submits what
/// the answers ask for as mutations of the actor <c>tracking</c>. What is decided, is decided in <see cref="TrackingDecision"/>.
/// </summary>
/// <param name="current">The newest snapshot.</param>
/// <param name="submit">Submits a mutation and waits for its commit.</param>
/// <param name="registry">Who is asked.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it says what it does.</param>
internal sealed partial class TrackingLoop(
    Func<ClusterState> current, SubmitMutation submit, ITagReader registry, TimeProvider time, ILogger<TrackingLoop> log)
{
    private const int RegistriesAtOnce = 8;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    // A clock that is set, forwards or back, moves no look.
    private readonly SteadyClock _clock = new(time);
    private readonly TrackingSchedule _schedule = new();
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, TrackingProblem> _problems = new(StringComparer.Ordinal);
    private (object? Services, object? Revisions) _questionsOf;
    private ImmutableSortedDictionary<TrackingQuestion, TimeSpan> _questions = ImmutableSortedDictionary<TrackingQuestion, TimeSpan>.Empty;

    /// <summary>What cannot be looked up now. From any thread.</summary>
    public ImmutableArray<TrackingProblem> Problems
    {
        get
        {
            lock (_lock) return [.. _problems.Values];
        }
    }

    /// <summary>Looks at a repository within a second. From any thread.</summary>
    /// <param name="repository">Without registry.</param>
    /// <param name="tag">The tag that changed; empty: not known.</param>
    /// <returns>How many questions that concerns: 0, nothing of it is followed.</returns>
    public int Look(string repository, string tag) => _schedule.Hasten(repository, tag, _clock.Now);

    /// <summary>Runs until the term is over.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Pause.ForAsync(Beat, time, cancellationToken);
                await PassAsync(cancellationToken);
            }
        }
        catch (TermEndedException)
        {
            // Who leads now follows.
        }
    }

    /// <summary>Asks what is due now, and submits what follows from the answers.</summary>
    internal async Task PassAsync(CancellationToken cancellationToken)
    {
        var state = current();
        if (!ReferenceEquals(_questionsOf.Services, state.Services) || !ReferenceEquals(_questionsOf.Revisions, state.Revisions))
            (_questions, _questionsOf) = (TrackingQuestions.Of(state), (state.Services, state.Revisions));
        var due = _schedule.TakeDue(_questions, _clock.Now);
        foreach (var part in due.GroupBy(TrackingSchedule.RegistryOf, StringComparer.Ordinal).Chunk(RegistriesAtOnce))
            await Task.WhenAll(part.Select(group => AskAllAsync(group.Key, group, cancellationToken)));
        Forget();
    }

    // One registry's questions one after the other; when it is away the others are spared the wait.
    private async Task AskAllAsync(string name, IEnumerable<TrackingQuestion> questions, CancellationToken cancellationToken)
    {
        foreach (var question in questions)
        {
            try
            {
                await AskAsync(question, cancellationToken);
                Well(name);
                Well(question.Image);
            }
            catch (RegistryException error)
            {
                var isOfImage = error.Kind == RegistryErrorKind.NotFound;
                if (isOfImage) Well(name);
                Unwell(isOfImage ? question.Image : name, error);
                if (error.RetryAfter is { } delay) _schedule.LeaveAlone(name, _clock.Now + delay);
                if (error.IsTransient) return;
            }
        }
    }

    private async Task AskAsync(TrackingQuestion question, CancellationToken cancellationToken)
    {
        if (!question.IsList)
        {
            var digest = await registry.DigestAsync(question.Image, cancellationToken);
            foreach (var move in TrackingDecision.Follow(current(), question, digest))
                await MoveAsync(move, cancellationToken);
            return;
        }

        var tags = await registry.TagsAsync(question.Image, cancellationToken);
        var chosen = TrackingDecision.Choose(current(), question, tags);
        foreach (var group in chosen.GroupBy(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal))
        {
            var digest = await registry.DigestAsync(group.Key, cancellationToken);
            foreach (var id in group)
            {
                var state = current();
                if (state.Services.TryGetValue(id, out var service)
                    && TrackingDecision.Of(state, service, group.Key, digest) is { } move) await MoveAsync(move, cancellationToken);
            }
        }
    }

    private async Task MoveAsync(TrackedImage move, CancellationToken cancellationToken)
    {
        var state = current();
        if (state.Find(move.Service) is not { } service || service.Revision != move.Revision) return;
        var spec = state.Revisions[service.Id][service.Revision].Spec;
        // The number that 'scale' set is kept by naming none.
        var accepted = SpecAcceptance.Of(spec with { Replicas = null, Container = spec.Container with { Image = move.Image } });
        try
        {
            var result = await submit(
                ticket => new ClusterEvent.FollowImage(ticket, OriginOf(service, move), accepted, move.Revision, move.Digest),
                cancellationToken);
            if (result is MutationResult.Accepted { Outcomes: [var outcome, ..] })
                LogMoved(move.Service, move.Before, move.Image, move.Digest, outcome.Revision);
        }
        catch (MailboxFullException)
        {
            // At the next look it is still news.
        }
    }

    // The same move has the same id whoever leads.
    private static MutationOrigin OriginOf(ServiceRecord service, TrackedImage move) => new(
        $"track-{service.Id}-{move.Revision}-{move.Digest[^Math.Min(16, move.Digest.Length)..]}", TrackingDecision.Actor,
        TrackingDecision.Actor);

    private void Unwell(string subject, RegistryException error)
    {
        var problem = new TrackingProblem(subject, error.Message, _clock.Now);
        lock (_lock)
        {
            if (!_problems.TryAdd(subject, problem)) return;
        }

        LogUnwell(error.Message);
    }

    private void Well(string subject)
    {
        TrackingProblem? problem;
        lock (_lock)
        {
            if (!_problems.Remove(subject, out problem)) return;
        }

        LogWell(subject, _clock.Now - problem.Since);
    }

    // What is no longer asked for is no problem any more.
    private void Forget()
    {
        lock (_lock)
        {
            foreach (var subject in _problems.Keys.ToList())
                if (!_questions.Keys.Any(one => one.Image == subject || TrackingSchedule.RegistryOf(one) == subject))
                    _problems.Remove(subject);
        }
    }

    [LoggerMessage(EventIds.ImageFollowed, LogLevel.Information,
        "Followed the image of {Service} from {From} to {To} ({Digest}): revision {Revision}")]
    private partial void LogMoved(ServiceName service, string from, string to, string digest, int revision);

    [LoggerMessage(EventIds.TrackingUnwell, LogLevel.Warning, "What is followed cannot be looked up; nothing is changed: {Problem}")]
    private partial void LogUnwell(string problem);

    [LoggerMessage(EventIds.TrackingWell, LogLevel.Information, "{Subject} answers again after {Away}")]
    private partial void LogWell(string subject, TimeSpan away);
}
