// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using ClusterManager.Manager.Persistence;
using ClusterManager.Telemetry;

namespace ClusterManager.Manager.Telemetry;

/// <summary>What managers count while they work. An instrument to which nobody listens costs a comparison.</summary>
internal static class ManagerMeter
{
    private static readonly Meter Meter = new(TelemetryNames.ManagerMeter);

    private static readonly Counter<long> Elections =
        Meter.CreateCounter<long>(TelemetryNames.Elections, "{election}", "Elections that this manager stood in, by outcome.");

    private static readonly Counter<long> Rejected =
        Meter.CreateCounter<long>(TelemetryNames.MailboxRejected, "{event}", "Events and calls turned away by a full mailbox.");

    private static readonly Histogram<double> Turn =
        Meter.CreateHistogram(TelemetryNames.TurnDuration, "s", "Time of one turn's computation.", null, Buckets.Turns);

    private static readonly Histogram<double> Commit = Meter.CreateHistogram(
        TelemetryNames.CommitDuration, "s", "Time from a commit's beginning to its known outcome.", null, Buckets.Calls);

    private static readonly Counter<long> Commits =
        Meter.CreateCounter<long>(TelemetryNames.Commits, "{commit}", "Transactions with Consul, by outcome.");

    private static readonly Counter<long> Rollouts =
        Meter.CreateCounter<long>(TelemetryNames.Rollouts, "{rollout}", "Ended rollouts, by verdict.");

    private static readonly Histogram<double> Rollout = Meter.CreateHistogram(
        TelemetryNames.RolloutDuration, "s", "Time from a rollout's beginning to its verdict.", null, Buckets.Waits);

    private static readonly Histogram<double> Running = Meter.CreateHistogram(
        TelemetryNames.TimeToRunning, "s", "Time from placing a replica to its running and being healthy.", null, Buckets.Waits);

    private static readonly Counter<long> Calls =
        Meter.CreateCounter<long>(TelemetryNames.GrpcCalls, "{call}", "Calls of the manager's API, by method and status.");

    private static readonly Histogram<double> Call =
        Meter.CreateHistogram(TelemetryNames.GrpcCallDuration, "s", "Time of unary calls, by method.", null, Buckets.Calls);

    /// <summary>Makes the instruments, so that counts begin with zero and not with their first event.</summary>
    public static void Begin()
    {
        Rejected.Add(0);
        foreach (var verdict in new[] { "succeeded", "failed", "superseded" }) Rollouts.Add(0, Tag("verdict", verdict));
    }

    /// <summary>This manager has stood for leader.</summary>
    /// <param name="outcome"><c>won</c>, <c>lost</c> or <c>failed</c>.</param>
    public static void Stood(string outcome) => Elections.Add(1, Tag("outcome", outcome));

    /// <summary>The engine's mailbox took no more.</summary>
    public static void TurnedAway() => Rejected.Add(1);

    /// <summary>A turn was computed.</summary>
    public static void Turned(TimeSpan elapsed) => Turn.Record(elapsed.TotalSeconds);

    /// <summary>A transaction was answered, or its time is over.</summary>
    public static void Answered(CommitOutcome outcome) => Commits.Add(1, Tag("outcome", outcome switch
    {
        CommitOutcome.Committed => "committed",
        CommitOutcome.Deposed => "deposed",
        CommitOutcome.VersionMoved => "version_moved",
        CommitOutcome.Refused => "refused",
        _ => "unknown",
    }));

    /// <summary>A commit is stored.</summary>
    public static void Committed(TimeSpan elapsed) => Commit.Record(elapsed.TotalSeconds);

    /// <summary>A rollout has ended.</summary>
    public static void RolloutEnded(string verdict, TimeSpan elapsed)
    {
        Rollouts.Add(1, Tag("verdict", verdict));
        Rollout.Record(Math.Max(0, elapsed.TotalSeconds), Tag("verdict", verdict));
    }

    /// <summary>A replica serves for the first time.</summary>
    public static void BeganToServe(TimeSpan sincePlaced) => Running.Record(Math.Max(0, sincePlaced.TotalSeconds));

    /// <summary>A call of the API has ended.</summary>
    /// <param name="method">For example <c>ServiceApi/Apply</c>.</param>
    /// <param name="code">The status's word.</param>
    /// <param name="elapsed">Null for a stream: it lasts as long as somebody listens.</param>
    public static void Called(string method, string code, TimeSpan? elapsed)
    {
        Calls.Add(1, Tag("method", method), Tag("code", code));
        if (elapsed is { } time) Call.Record(time.TotalSeconds, Tag("method", method));
    }

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
