// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Hosting.Time;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.Planning.Tracking;

namespace ClusterManager.Manager.Tracking;

/// <summary>
/// When which question is due: each at its own period, spread by a little, and none while its registry wants to be left alone. Thread-safe.
/// </summary>
internal sealed class TrackingSchedule
{
    /// <summary>The most that is added to a period: what is new is rolled out within the period and 5 s.</summary>
    private static readonly TimeSpan SpreadMax = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<TrackingQuestion, (DateTimeOffset Due, long Count)> _next = [];
    private readonly SortedDictionary<string, DateTimeOffset> _leftAlone = new(StringComparer.Ordinal);

    /// <summary>The registry of a question, as its image names it; empty: the default one.</summary>
    public static string RegistryOf(TrackingQuestion question) =>
        ClusterManager.Registry.ImageName.TryParse(question.Image, out var name) ? name.Registry ?? "" : "";

    /// <summary>The questions to ask now; their next time is set. What is not among the wanted ones is forgotten.</summary>
    /// <param name="wanted">All questions, with their periods.</param>
    /// <param name="now">The clock.</param>
    public ImmutableArray<TrackingQuestion> TakeDue(ImmutableSortedDictionary<TrackingQuestion, TimeSpan> wanted, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var gone in _next.Keys.Where(question => !wanted.ContainsKey(question)).ToList()) _next.Remove(gone);
            foreach (var over in _leftAlone.Where(pair => pair.Value <= now).Select(pair => pair.Key).ToList()) _leftAlone.Remove(over);
            var due = ImmutableArray.CreateBuilder<TrackingQuestion>();
            foreach (var (question, period) in wanted)
            {
                // The first time within seconds: a new leader does not begin a period anew.
                if (!_next.TryGetValue(question, out var next)) _next[question] = next = (now + Spread(question, 0, period), 1);
                // A period that became shorter counts from now on.
                if (next.Due > now + period + SpreadMax) _next[question] = next = (now + period, next.Count);
                if (next.Due > now || _leftAlone.ContainsKey(RegistryOf(question))) continue;
                _next[question] = (now + period + Spread(question, next.Count, period), next.Count + 1);
                due.Add(question);
            }

            return due.ToImmutable();
        }
    }

    /// <summary>Somebody says that there is news of a repository: its questions are due.</summary>
    /// <param name="repository">Without registry.</param>
    /// <param name="tag">The tag that changed; empty: not known.</param>
    /// <param name="now">The clock.</param>
    /// <returns>How many questions it concerns.</returns>
    public int Hasten(string repository, string tag, DateTimeOffset now)
    {
        lock (_lock)
        {
            var concerned = _next.Keys.Where(question => IsOf(question, repository, tag)).ToList();
            foreach (var question in concerned) _next[question] = (now, _next[question].Count);
            return concerned.Count;
        }
    }

    /// <summary>Nothing is asked of a registry until then.</summary>
    public void LeaveAlone(string registry, DateTimeOffset until)
    {
        lock (_lock) _leftAlone[registry] = until;
    }

    private static bool IsOf(TrackingQuestion question, string repository, string tag) =>
        ClusterManager.Registry.ImageName.TryParse(question.Image, out var name) && name.Repository == repository
        && (question.IsList || tag.Length == 0 || ImageReference.TagOf(question.Image) == tag);

    private static TimeSpan Spread(TrackingQuestion question, long count, TimeSpan period)
    {
        var most = period / 10 < SpreadMax ? period / 10 : SpreadMax;
        return most * StableHash.UnitInterval(question.Image, count);
    }
}
