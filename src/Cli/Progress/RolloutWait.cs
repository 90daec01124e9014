// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Cli.Contexts;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Progress;

/// <summary>Waits until the server's verdict on every target, showing progress, and says how it ended. It always ends.</summary>
/// <param name="session">Where it shows.</param>
/// <param name="what">What was asked, for example "Deploy of shop".</param>
/// <param name="waitLimit">Give up waiting after this time (code 6); null: the server's deadline is the only one.</param>
internal sealed class RolloutWait(CliSession session, string what, TimeSpan? waitLimit)
{
    // Beyond the server's own deadline for progress: a server that says nothing any more is treated as lost.
    private static readonly TimeSpan QuietReserve = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LostLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LogLimit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(150);

    private readonly TimeProvider _time = session.Environment.Time;
    private readonly long _begin = session.Environment.Time.GetTimestamp();
    private bool _isLimitSaid;

    /// <summary>Waits for the targets.</summary>
    /// <returns>The exit code. Ctrl-C detaches: code 130, and the cluster goes on.</returns>
    public async Task<ExitCode> RunAsync(
        IReadOnlyList<WaitTarget> targets, CancellationToken cancellationToken, ReleaseTarget? release = null)
    {
        var tracker = new RolloutTracker(targets, release);
        IProgressView view = session.Environment.IsErrorTerminal
            ? new LiveBlock(session.Environment, session.ErrorStyle)
            : new ChangeLines(session.Environment.Error, _time);
        try
        {
            await WatchAsync(tracker, release, view, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            view.End();
            session.Note($"Detached: the cluster goes on. To see how: cluster ps {targets[0].Name}; the same command again waits again.");
            return ExitCode.Interrupted;
        }

        view.End();
        await ReportAsync(tracker, cancellationToken);
        return WaitVerdict.Of(tracker);
    }

    private async Task WatchAsync(
        RolloutTracker tracker, ReleaseTarget? release, IProgressView view, CancellationToken cancellationToken)
    {
        var lastHeard = _time.GetTimestamp();
        while (!tracker.IsDone)
        {
            using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                using var limit = new CancellationTokenSource(Remaining(tracker, lastHeard), _time);
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, limit.Token);
                using var stream = session.Cluster.Stream(
                    (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).Watch(Request(tracker, release), options), null,
                    linked.Token);
                while (!tracker.IsDone && await NextAsync(stream.ResponseStream, view, linked.Token))
                {
                    lastHeard = _time.GetTimestamp();
                    tracker.Apply(stream.ResponseStream.Current);
                    Show(stream.ResponseStream.Current, tracker, view);
                    limit.CancelAfter(Remaining(tracker, lastHeard));
                }
            }
            catch (Exception e) when (e is RpcException or OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (e is RpcException rpc && CallFailure.Of(rpc) is { IsRetryable: false } failure
                    && rpc.StatusCode != StatusCode.Cancelled) throw failure.Error;
            }

            if (!tracker.IsDone) await BeforeNextTryAsync(tracker, lastHeard, cancellationToken);
        }
    }

    private async Task<bool> NextAsync(
        IAsyncStreamReader<V1.ServicesSnapshot> stream, IProgressView view, CancellationToken cancellationToken)
    {
        var next = stream.MoveNext(cancellationToken);
        while (!next.IsCompleted)
        {
            // Ends with the stream's next word at the latest; its own failure is seen below.
            await Task.WhenAny(next, Task.Delay(Beat, _time, CancellationToken.None));
            view.Tick();
        }

        return await next;
    }

    private void Show(V1.ServicesSnapshot snapshot, RolloutTracker tracker, IProgressView view)
    {
        // Everything was as asked before we came: there is no progress to show.
        if (tracker.IsDone && WaitVerdict.Of(tracker) == ExitCode.Done && tracker.Targets.All(t => t.IsUnchanged) && !_isLimitSaid) return;
        if (!_isLimitSaid && tracker.HasBegun)
        {
            _isLimitSaid = true;
            session.Hint(LimitText(tracker));
        }

        view.Show(snapshot, tracker);
    }

    private string LimitText(RolloutTracker tracker)
    {
        var limit = waitLimit is { } own ? $"Waits {TimeText.Span(own)} at most; "
            : tracker.LongestDeadline > TimeSpan.Zero && !tracker.Targets.All(t => t.IsRemoval)
                ? $"Limit {TimeText.Span(tracker.LongestDeadline)} without progress; " : "";
        return $"{limit}Ctrl-C detaches, and the cluster goes on: cluster ps {tracker.Targets[0].Name}";
    }

    private async Task BeforeNextTryAsync(RolloutTracker tracker, long lastHeard, CancellationToken cancellationToken)
    {
        if (waitLimit is { } limit && _time.GetElapsedTime(_begin) >= limit)
            throw Unknown($"the limit of {TimeText.Span(limit)} for waiting passed");
        var silent = _time.GetElapsedTime(lastHeard);
        if (silent >= QuietLimit(tracker)) throw Unknown($"no manager said anything for {TimeText.Span(silent)}");
        if (silent >= LostLimit && tracker.LongestDeadline == TimeSpan.Zero) throw Unknown("no manager can be reached any more");
        session.Cluster.MoveOn();
        await Task.Delay(Pause, _time, cancellationToken);
    }

    private static TimeSpan QuietLimit(RolloutTracker tracker) => tracker.LongestDeadline + QuietReserve;

    private TimeSpan Remaining(RolloutTracker tracker, long lastHeard)
    {
        var remaining = QuietLimit(tracker) - _time.GetElapsedTime(lastHeard);
        if (waitLimit is { } limit && limit - _time.GetElapsedTime(_begin) is var own && own < remaining) remaining = own;
        return remaining > TimeSpan.FromMilliseconds(1) ? remaining : TimeSpan.FromMilliseconds(1);
    }

    private CliException Unknown(string why) =>
        new(ExitCode.OutcomeUnknown, $"{what}: {why}; the cluster goes on with it, and the outcome is not known here", "cluster status");

    private static V1.ListServicesRequest Request(RolloutTracker tracker, ReleaseTarget? release)
    {
        var request = new V1.ListServicesRequest { WithAllocations = true, ReleaseOf = release?.Stack ?? "" };
        request.Names.AddRange(tracker.Targets.Select(t => ServiceName.Parse(t.Name).ToWire()));
        return request;
    }

    private async Task ReportAsync(RolloutTracker tracker, CancellationToken cancellationToken)
    {
        if (tracker.Release is { } release && ReleaseVerdict.Of(release) != ExitCode.Done)
        {
            await ReportAsync(tracker, release, cancellationToken);
            return;
        }

        foreach (var target in tracker.Targets)
        {
            var outcome = tracker.OutcomeOf(target);
            if (outcome == WaitOutcome.Succeeded) continue;
            var status = tracker.StatusOf(target);
            var logs = outcome is WaitOutcome.Failed or WaitOutcome.RolledBack ? await LogsAsync(target, status, cancellationToken) : [];
            Say(FailureReport.Lines(what, target, outcome, status, logs, _time.GetElapsedTime(_begin)));
        }
    }

    private async Task ReportAsync(RolloutTracker tracker, V1.ReleaseStatus release, CancellationToken cancellationToken)
    {
        var culprit = tracker.Targets.FirstOrDefault(target => ServiceName.Parse(target.Name).Name == release.Failed);
        var status = culprit is null ? null : tracker.StatusOf(culprit);
        var logs = culprit is null ? [] : await LogsAsync(culprit, status, cancellationToken);
        Say(ReleaseReport.Lines(what, release, status, logs, _time.GetElapsedTime(_begin)));
    }

    private void Say(IReadOnlyList<string> lines)
    {
        session.Note("");
        session.Note(session.ErrorStyle.Bad(lines[0]));
        foreach (var line in lines.Skip(1)) session.Note(line);
    }

    // Evidence is worth two seconds, not more: the verdict stands without it. The slot's earlier containers are no evidence.
    private async Task<IReadOnlyList<string>> LogsAsync(WaitTarget target, V1.ServiceStatus? status, CancellationToken cancellationToken)
    {
        if (FailureReport.Culprit(status) is not { } culprit) return [];
        var request = new V1.LogsRequest { Tail = 5, Slot = culprit.Id.Slot };
        request.Names.Add(ServiceName.Parse(target.Name).ToWire());
        var lines = new List<string>();
        try
        {
            using var stream = session.Cluster.Stream(
                (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).Logs(request, options), LogLimit, cancellationToken);
            while (lines.Count < 100 && await stream.ResponseStream.MoveNext(cancellationToken))
                lines.AddRange(stream.ResponseStream.Current.Lines
                    .Where(l => l.UnixNs == 0 || l.UnixNs / 1_000_000 >= culprit.CreatedUnixMs)
                    .Select(l => Encoding.UTF8.GetString(l.Text.Span).TrimEnd()));
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            // As many lines as came.
        }

        return lines;
    }
}
