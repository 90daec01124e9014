// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Images;
using ClusterManager.Agent.Inspection;
using ClusterManager.Agent.Inspection.Drift;
using ClusterManager.Agent.Node;
using ClusterManager.Agent.Telemetry;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Logging;
using ClusterManager.Wire;
using ClusterManager.Wire.V1;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Session;

/// <summary>
/// One session with one manager, from hello to its end: heartbeats both ways, assignments in, reports out, and the answers to what the
/// leader asks.
/// Ends as a whole, by the first of its tasks that ends.
/// </summary>
internal sealed partial class AgentSession
{
    private const int OutboxCapacity = 256;
    private const int RequestsMax = 16;
    private static readonly TimeSpan WelcomeDeadline = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan BatchDelay = TimeSpan.FromMilliseconds(50);

    private readonly SessionContext _context;
    private readonly ISessionConnection _connection;
    private readonly ILogger<AgentSession> _logger;
    private readonly StatusReporter _reporter;
    private readonly ImageResolver _images;
    private readonly ImagePuller _pulls;
    private readonly LogRequests _logs;
    private readonly AuthRequests _auths;
    private readonly Func<string, CancellationToken, Task<string?>> _ask;
    private readonly KeepRequests _keeps;
    private readonly KeepSource.AskAsync _askKept;
    private readonly Mailbox<AgentMessage> _outbox = new(OutboxCapacity);
    private TimeSpan _heartbeat = TimeSpan.FromMilliseconds(500);
    private TimeSpan _deadline = TimeSpan.FromSeconds(2.5);

    /// <summary>A session over a connection, which stays the caller's.</summary>
    public AgentSession(SessionContext context, ISessionConnection connection)
    {
        _context = context;
        _connection = connection;
        _logger = context.Loggers.CreateLogger<AgentSession>();
        _reporter = new StatusReporter(context);
        _images = new ImageResolver(context.Runners.Engine, context.Runners.Credentials);
        _pulls = new ImagePuller(context.Runners, PostAsync);
        _auths = new AuthRequests(_outbox, Time);
        _ask = _auths.AskAsync;
        _keeps = new KeepRequests(_outbox, Time);
        _askKept = _keeps.AskAsync;
        _logs = new LogRequests(context.Runners, connection);
    }

    /// <summary>Called when the manager has said welcome; must be quick.</summary>
    public Action Established { get; init; } = static () => { };

    /// <summary>True once the manager has said welcome.</summary>
    public bool IsEstablished { get; private set; }

    /// <summary>Runs the session to its end.</summary>
    /// <returns>How it ended.</returns>
    public async Task<SessionEnd> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await GreetAsync(cancellationToken);
            using var tasks = new OwnedTasks(cancellationToken);
            tasks.TryStart(WriteAsync);
            tasks.TryStart(ReportAsync);
            if (_context.Telemetry is { } telemetry) tasks.TryStart(token => ReportMetricsAsync(telemetry, token));
            tasks.TryStart(token => ReadAsync(tasks, token));
            await tasks.WhenEndedAsync();
            cancellationToken.ThrowIfCancellationRequested();
            return new SessionEnd.Lost("the session's tasks ended");
        }
        catch (SessionEndedException error)
        {
            return error.End;
        }
        finally
        {
            _context.Runners.Credentials.Close(_ask);
            _auths.End();
            _context.Keeps.Close(_askKept);
            _keeps.End();
        }
    }

    private TimeProvider Time => _context.Runners.Clock.Provider;

    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        var believed = await _context.Store.ConfirmedIncarnationAsync(cancellationToken);
        await SendAsync(new AgentMessage { Hello = Hello(believed) }, cancellationToken);
        var first = await ReceiveAsync(WelcomeDeadline, cancellationToken);
        if (first.BodyCase != ManagerMessage.BodyOneofCase.Welcome) throw new SessionEndedException(EndOf(first));
        var welcome = first.Welcome;
        if (welcome.Version is { } version)
        {
            var confirmed = await _context.Store.ConfirmedIncarnationAsync(cancellationToken);
            var known = _context.Store.Book.Version;
            var verdict = VersionGate.JudgeLeader(known, confirmed, version.ToModel());
            if (verdict != GateVerdict.Accept) throw Refuse(verdict, version.ToModel().ToString());
        }
        if (welcome.HeartbeatMs > 0) _heartbeat = TimeSpan.FromMilliseconds(welcome.HeartbeatMs);
        if (welcome.SessionTimeoutMs > 0) _deadline = TimeSpan.FromMilliseconds(welcome.SessionTimeoutMs);
        if (welcome.ClusterMap is { } map) await _context.Directory.ReplaceAsync(map, cancellationToken);
        if (welcome.AnswersAuth) _context.Runners.Credentials.Open(_ask);
        if (welcome.AnswersKeep) _context.Keeps.Open(_askKept);
        IsEstablished = true;
        Established();
        LogEstablished(_logger, welcome.Version.ToModel().ToString());
    }

    private Hello Hello(long confirmed)
    {
        var engine = _context.Engine.Status.Current;
        var node = _context.Runners.Node;
        return new Hello
        {
            ProtocolMin = ProtocolVersions.Oldest,
            ProtocolMax = ProtocolVersions.Newest,
            NodeId = node.Id.ToString(),
            ClusterId = node.Cluster.ToString(),
            Applied = _context.Store.Book.Version.ToWire(),
            Facts = _context.Describe(node, engine).ToWire(),
            EngineUp = engine.IsUp,
            ConsulNode = node.Name,
            Allocations = { _reporter.All() },
            ConfirmedIncarnation = confirmed,
            Pulls = true,
            Colours = true,
            Hooks = true,
            Disk = _context.Disk.Current?.ToWire(),
            Held = { _context.Store.Book.Strays(confirmed).Values.Select(held => held.ToWire()) },
        };
    }

    // The only writer of the stream.
    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        for (long sequence = 1; ; sequence++)
        {
            var beat = new AgentHeartbeat { Sequence = sequence, EngineUp = _context.Engine.Status.Current.IsUp };
            await SendAsync(new AgentMessage { Heartbeat = beat }, cancellationToken);
            var beatAt = _context.Runners.Clock.Now + _heartbeat;
            while (await HasMailAsync(beatAt, cancellationToken))
            {
                while (_outbox.TryRead(out var message)) await SendAsync(message, cancellationToken);
            }
        }
    }

    private async Task<bool> HasMailAsync(TimeSpan until, CancellationToken cancellationToken)
    {
        if (_context.Runners.Clock.Now >= until) return false;
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var mail = _outbox.WhenReadableAsync(wait.Token);
        await Task.WhenAny(mail, _context.Runners.Clock.DelayUntilAsync(until, wait.Token));
        var has = mail.IsCompletedSuccessfully;
        wait.Cancel();
        cancellationToken.ThrowIfCancellationRequested();
        return has;
    }

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        var views = _context.Runners.Board.Subscribe();
        var passing = _context.Discovery.Applied.Subscribe();
        var engine = _context.Engine.Status.Subscribe();
        var disk = _context.Disk.Subscribe();
        while (true)
        {
            if (_reporter.Next() is { } report) await PostAsync(new AgentMessage { Status = report }, cancellationToken);
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(
                views.NextAsync(wait.Token).AsTask(), passing.NextAsync(wait.Token).AsTask(), engine.NextAsync(wait.Token).AsTask(),
                disk.NextAsync(wait.Token).AsTask());
            wait.Cancel();
            await Task.Delay(BatchDelay, Time, cancellationToken);
        }
    }

    private async Task ReportMetricsAsync(AgentTelemetry telemetry, CancellationToken cancellationToken)
    {
        while (true)
        {
            await PostAsync(new AgentMessage { Metrics = telemetry.Report() }, cancellationToken);
            await Task.Delay(AgentTelemetry.Interval, Time, cancellationToken);
        }
    }

    private async Task InspectAsync(IInspector inspector, InspectRequest request, CancellationToken cancellationToken) =>
        await PostAsync(new AgentMessage { Inspection = await inspector.InspectAsync(request, cancellationToken) }, cancellationToken);

    private async Task CompareAsync(IDriftInspector drift, CompareRequest request, CancellationToken cancellationToken) =>
        await PostAsync(new AgentMessage { Comparison = await drift.CompareAsync(request, cancellationToken) }, cancellationToken);

    private async Task ReadAsync(OwnedTasks tasks, CancellationToken cancellationToken)
    {
        while (true)
        {
            var message = await ReceiveAsync(_deadline, cancellationToken);
            switch (message.BodyCase)
            {
                case ManagerMessage.BodyOneofCase.Heartbeat:
                    await _context.Store.KeepAsync(cancellationToken);
                    break;
                case ManagerMessage.BodyOneofCase.None: // a message of a newer manager
                    break;
                case ManagerMessage.BodyOneofCase.Assignments:
                    await AssignAsync(message.Assignments, cancellationToken);
                    break;
                case ManagerMessage.BodyOneofCase.ResolveImage when RequestsOf(tasks) < RequestsMax:
                    tasks.TryStart(token => ResolveAsync(message.ResolveImage, token));
                    break;
                case ManagerMessage.BodyOneofCase.LogRequest when RequestsOf(tasks) < RequestsMax:
                    tasks.TryStart(token => _logs.RunAsync(message.LogRequest, token));
                    break;
                case ManagerMessage.BodyOneofCase.Inspect when RequestsOf(tasks) < RequestsMax:
                    if (_context.Inspector is { } inspector) tasks.TryStart(token => InspectAsync(inspector, message.Inspect, token));
                    break;
                case ManagerMessage.BodyOneofCase.Compare when tasks.RunningCount < RequestsMax:
                    if (_context.Drift is { } drift) tasks.TryStart(token => CompareAsync(drift, message.Compare, token));
                    break;
                case ManagerMessage.BodyOneofCase.ResolveImage or ManagerMessage.BodyOneofCase.LogRequest
                    or ManagerMessage.BodyOneofCase.Inspect or ManagerMessage.BodyOneofCase.Compare:
                    LogOverloaded(_logger, message.BodyCase);
                    break;
                case ManagerMessage.BodyOneofCase.AuthAnswer:
                    _auths.Take(message.AuthAnswer);
                    break;
                case ManagerMessage.BodyOneofCase.KeepAnswer:
                    _keeps.Take(message.KeepAnswer);
                    break;
                case ManagerMessage.BodyOneofCase.LogCancel:
                    _logs.Cancel(message.LogCancel.Request);
                    break;
                case ManagerMessage.BodyOneofCase.PullImage:
                    if (_pulls.RunningCount >= ImagePuller.RequestsMax) await _pulls.DeclineAsync(message.PullImage, cancellationToken);
                    else tasks.TryStart(token => _pulls.RunAsync(message.PullImage, token));
                    break;
                case ManagerMessage.BodyOneofCase.PullCancel:
                    _pulls.Cancel(message.PullCancel.Request);
                    break;
                case ManagerMessage.BodyOneofCase.ClusterMap:
                    await _context.Directory.ReplaceAsync(message.ClusterMap, cancellationToken);
                    break;
                default:
                    throw new SessionEndedException(EndOf(message));
            }
        }
    }

    // Pulls have a limit of their own: they last.
    private int RequestsOf(OwnedTasks tasks) => tasks.RunningCount - _pulls.RunningCount;

    private async Task AssignAsync(Assignments wire, CancellationToken cancellationToken)
    {
        var update = wire.ToModel() ?? throw SessionEndedException.Lost("the manager sent assignments that are not understood");
        var verdict = await _context.Store.ApplyAsync(update, cancellationToken);
        if (verdict is not (GateVerdict.Accept or GateVerdict.NeedComplete)) throw Refuse(verdict, update.To.ToString());
        var book = _context.Store.Book;
        if (verdict == GateVerdict.Accept)
        {
            LogApplied(_logger, update.IsComplete, book.Version.ToString(), book.Items.Count);
            await _context.Supervisor.PostAsync(new SupervisorMessage.Assigned(book, IsFromManager: true), cancellationToken);
        }
        var applied = new AssignmentsApplied { Version = book.Version.ToWire(), NeedComplete = verdict == GateVerdict.NeedComplete };
        await PostAsync(new AgentMessage { Applied = applied }, cancellationToken);
    }

    private async Task ResolveAsync(ResolveImage request, CancellationToken cancellationToken) =>
        await PostAsync(new AgentMessage { ImageResolution = await _images.ResolveAsync(request, cancellationToken) }, cancellationToken);

    private async Task PostAsync(AgentMessage message, CancellationToken cancellationToken) =>
        await _outbox.PostAsync(message, cancellationToken);

    private async Task SendAsync(AgentMessage message, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_deadline, Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            await _connection.SendAsync(message, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw SessionEndedException.Lost("the manager takes nothing");
        }
    }

    private async Task<ManagerMessage> ReceiveAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(patience, Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await _connection.ReceiveAsync(both.Token) ?? throw SessionEndedException.Lost("the manager ended the session");
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && deadline.IsCancellationRequested
            && error is not SessionEndedException)
        {
            throw SessionEndedException.Lost($"the manager was silent for {patience.TotalSeconds} s");
        }
    }

    private static SessionEnd EndOf(ManagerMessage message) => message.BodyCase switch
    {
        ManagerMessage.BodyOneofCase.NotLeader => new SessionEnd.NotLeader(message.NotLeader.Address),
        ManagerMessage.BodyOneofCase.Rejected => new SessionEnd.Rejected($"{message.Rejected.Cause}: {message.Rejected.Text}"),
        _ => new SessionEnd.Lost($"the manager sent {message.BodyCase} where it has no place"),
    };

    private SessionEndedException Refuse(GateVerdict verdict, string offered) =>
        new(new SessionEnd.Refused(verdict, $"offered {offered}, known {_context.Store.Book.Version}"));

    [LoggerMessage(EventIds.AgentSession, LogLevel.Information, "Session established, the leader is at {Version}",
        EventName = "SessionEstablished")]
    private static partial void LogEstablished(ILogger logger, string version);

    [LoggerMessage(EventIds.AgentSession + 1, LogLevel.Information,
        "Assignment applied: version {Version}, complete {IsComplete}, {Count} allocations", EventName = "AssignmentApplied")]
    private static partial void LogApplied(ILogger logger, bool isComplete, string version, int count);

    [LoggerMessage(EventIds.AgentSession + 2, LogLevel.Warning, "Too many requests at once: {Request} is left unanswered",
        EventName = "RequestsOverflow")]
    private static partial void LogOverloaded(ILogger logger, ManagerMessage.BodyOneofCase request);
}
