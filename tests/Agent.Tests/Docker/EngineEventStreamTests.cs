// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>Events over breaks of the connection.</summary>
public sealed class EngineEventStreamTests : IDisposable
{
    private const long Second = 1_000_000_000;
    private const long Start = 1_767_323_045 * Second;

    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(30), TimeProvider.System);

    private CancellationToken Deadline => _deadline.Token;

    public void Dispose() => _deadline.Dispose();

    [Fact]
    public async Task A_broken_stream_resumes_behind_its_newest_event_and_gives_each_once()
    {
        // Two events share a time, and one comes late: none may be lost, none may come twice.
        string[] answers =
        [
            Event(Start + Second, "a") + Event(Start + (2 * Second), "b") + Event(Start + (2 * Second), "c"),
            Event(Start + Second, "a") + Event(Start + Second + 5, "late") + Event(Start + (2 * Second), "b")
                + Event(Start + (2 * Second), "c") + Event(Start + (3 * Second), "d"),
        ];
        var count = 0;
        await using var engine = new FakeEngine(async (_, stream, cancellationToken) =>
        {
            var answer = Interlocked.Increment(ref count) - 1;
            await TinyHttpServer.BeginAsync(stream, 200, cancellationToken);
            if (answer >= answers.Length)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answers[answer]), cancellationToken);
        });
        using var client = engine.NewClient();

        var stream = new EngineEventStream(client, new EngineEventFilter { Types = ["container"] }, TimeProvider.System);

        var notices = await TakeAsync(stream, 10);

        Assert.Equal(
            ["connected", "a", "b", "c", "EngineUnavailable", "connected", "late", "d", "EngineUnavailable", "connected"],
            notices.Select(Describe));
        var targets = engine.Requests.Select(request => Uri.UnescapeDataString(request.Target))
            .Where(target => target.Contains("/events", StringComparison.Ordinal));
        Assert.Equal(
            [
                """/v1.41/events?filters={"type":["container"]}""",
                """/v1.41/events?since=1767323046.000000000&filters={"type":["container"]}""",
                """/v1.41/events?since=1767323047.000000000&filters={"type":["container"]}""",
            ],
            targets);
    }

    [Fact]
    public async Task Delays_double_up_to_their_limit_while_the_engine_is_away()
    {
        using var client = new DockerClient(new DockerClientOptions { SocketPath = "/tmp/cm-docker-no-such.sock" }, TimeProvider.System);
        var stream = new EngineEventStream(client, EngineEventFilter.All, new ImpatientTime());

        var notices = await TakeAsync(stream, 7);

        Assert.Equal([100, 200, 400, 800, 1600, 2000, 2000],
            notices.Cast<EngineNotice.Disconnected>().Select(notice => (int)notice.RetryIn.TotalMilliseconds));
        Assert.All(notices.Cast<EngineNotice.Disconnected>(), notice => Assert.Equal(DockerErrorKind.EngineUnavailable, notice.Kind));
    }

    [Fact]
    public void What_is_remembered_is_bounded()
    {
        var recent = new RecentEvents();
        for (var number = 0; number < 5000; number++)
            Assert.True(recent.Add(new EngineEvent(Start + number, "container", "die", "x", new Dictionary<string, string>())));

        Assert.False(recent.Add(new EngineEvent(Start + 4999, "container", "die", "x", new Dictionary<string, string>())));
        Assert.True(recent.Add(new EngineEvent(Start + 4999, "container", "start", "x", new Dictionary<string, string>())));
        Assert.True(recent.Add(new EngineEvent(Start, "container", "die", "x", new Dictionary<string, string>())));
        Assert.Equal(Start + 4999 - Second, recent.ResumeFromUnixNanoseconds);
    }

    private async Task<List<EngineNotice>> TakeAsync(EngineEventStream stream, int count)
    {
        var notices = new List<EngineNotice>();
        await foreach (var notice in stream.ReadAsync(Deadline))
        {
            notices.Add(notice);
            if (notices.Count == count)
                break;
        }
        return notices;
    }

    private static string Describe(EngineNotice notice) => notice switch
    {
        EngineNotice.Happened happened => happened.Event.ActorId,
        EngineNotice.Disconnected disconnected => disconnected.Kind.ToString(),
        _ => "connected",
    };

    private static string Event(long time, string id) =>
        $$"""{"Type":"container","Action":"die","Actor":{"ID":"{{id}}","Attributes":{} },"timeNano":{{time}}}""" + "\n";

    /// <summary>Every wait is over at once.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
