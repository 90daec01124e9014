// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Grpc.Server;

/// <summary>
/// One call at the server. The response has one owner at a time: a write of the handler, or the end of the call. The end comes once, from
/// the handler's return or from the deadline, whichever is first.
/// </summary>
internal sealed partial class ServerCall : ServerCallContext, IDisposable
{
    // What may wait unflushed under WriteFlags.BufferHint.
    private const int MaxUnflushedBytes = 32 * 1024;

    // Codes of RST_STREAM (RFC 9113, section 7). HttpContext.Abort would say INTERNAL_ERROR for everything.
    private const int ResetInternalError = 2;
    private const int ResetCancel = 8;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping;
    private readonly TaskCompletionSource _deadlinePassed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DeadlineTimer? _deadlineTimer;
    private readonly MessageReader _reader;
    private readonly MessageWriter _writer;
    private Phase _phase = Phase.Open;
    private bool _bodyStarted;

    public ServerCall(HttpContext http, IMethod method, GrpcServiceOptions options, TimeSpan? timeout)
    {
        HttpContext = http;
        MethodCore = method.FullName;
        var gzipRequests = RequestCheck.Encoding(http.Request) == GrpcNames.Gzip;
        var gzipResponses = options.GzipResponses && RequestCheck.AcceptsGzip(http.Request);
        _reader = new MessageReader(http.Request.BodyReader, options.MaxReceiveMessageSize, gzipRequests);
        _writer = new MessageWriter(options.MaxSendMessageSize, gzipResponses);
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        CancellationTokenCore = _stopping.Token;

        http.Response.ContentType = GrpcNames.ContentType;
        http.Response.Headers[GrpcNames.AcceptEncodingHeader] = GrpcNames.AcceptedEncodings;
        if (gzipResponses)
            http.Response.Headers[GrpcNames.EncodingHeader] = GrpcNames.Gzip;

        DeadlineCore = ToDeadline(options.TimeProvider, timeout);
        if (DeadlineCore != DateTime.MaxValue)
            _deadlineTimer = new DeadlineTimer(options.TimeProvider, DeadlineCore, () => _deadlinePassed.TrySetResult());
    }

    private enum Phase
    {
        Open,
        Writing,
        Ended,
    }

    public HttpContext HttpContext { get; }

    /// <summary>Looked up when needed: calls that end well log nothing.</summary>
    public ILogger Logger => HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(ServerLog.Category);

    /// <summary>Whether the client gave a deadline.</summary>
    public bool HasDeadline => _deadlineTimer is not null;

    /// <summary>Completes when the deadline passes.</summary>
    public Task DeadlinePassed => _deadlinePassed.Task;

    /// <summary>The one request of the call.</summary>
    public async Task<TRequest> ReadSingleAsync<TRequest, TResponse>(Method<TRequest, TResponse> method)
        where TRequest : class
    {
        try
        {
            return await _reader.ReadSingleAsync(method.RequestMarshaller, CancellationToken);
        }
        catch (IOException ex)
        {
            throw ClientGone(ex);
        }
    }

    /// <summary>The next request, or null when the client has ended its stream.</summary>
    public async Task<TRequest?> ReadAsync<TRequest>(Marshaller<TRequest> marshaller, CancellationToken cancellationToken)
        where TRequest : class
    {
        try
        {
            if (!cancellationToken.CanBeCanceled)
                return await _reader.ReadAsync(marshaller, CancellationToken);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, CancellationToken);
            return await _reader.ReadAsync(marshaller, either.Token);
        }
        catch (IOException ex)
        {
            throw ClientGone(ex);
        }
        catch (OperationCanceledException) when (CancellationToken.IsCancellationRequested)
        {
            throw ClientGone(null);
        }
    }

    /// <summary>The one response of the call; it leaves together with the status.</summary>
    public Task WriteSingleAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, TResponse? response)
        where TResponse : class =>
        response is null
            ? throw new RpcException(new Status(StatusCode.Internal, "The handler returned no message."))
            : WriteAsync(response, method.ResponseMarshaller, isLast: true, CancellationToken.None);

    /// <summary>Writes a response and, unless it is the last, waits until the client's flow control has taken it over.</summary>
    public async Task WriteAsync<T>(T message, Marshaller<T> marshaller, bool isLast, CancellationToken cancellationToken)
    {
        BeginWrite();
        try
        {
            using var frame = _writer.Frame(message, marshaller, WriteOptions);
            _bodyStarted = true;
            HttpContext.Response.BodyWriter.Write(frame.Written.Span);
            if (!isLast && MustFlush())
                await FlushAsync(cancellationToken);
        }
        finally
        {
            EndWrite();
        }
    }

    public void AddTrailers(Metadata trailers)
    {
        foreach (var entry in trailers)
            ResponseTrailers.Add(entry);
    }

    /// <summary>Ends the call with a status, unless it has ended.</summary>
    public Task EndAsync(Status status)
    {
        var before = TryEnd();
        if (before is null || HttpContext.RequestAborted.IsCancellationRequested)
            return Task.CompletedTask;
        if (before is Phase.Open)
            return Responses.EndAsync(HttpContext, status, ResponseTrailers, _bodyStarted);
        // A write that the handler did not await owns the response; a status written now would land inside its message.
        ServerLog.WriteLeftBehind(Logger, Method);
        Reset(ResetInternalError);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Answers DEADLINE_EXCEEDED and cancels the handler. When a write hangs in the client's flow control no status can pass it: then the
    /// stream is reset.
    /// </summary>
    public async Task EndByDeadlineAsync()
    {
        var before = TryEnd();
        if (before is Phase.Writing)
            Reset(ResetCancel);
        StopHandler();
        var status = new Status(StatusCode.DeadlineExceeded, "The deadline passed.");
        if (before is Phase.Open)
            await Responses.EndAsync(HttpContext, status, Metadata.Empty, _bodyStarted);
    }

    public void Dispose()
    {
        _deadlineTimer?.Dispose();
        _stopping.Dispose();
    }

    private static DateTime ToDeadline(TimeProvider clock, TimeSpan? timeout)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return timeout is null || timeout > DateTime.MaxValue - now ? DateTime.MaxValue : now + timeout.Value;
    }

    private bool MustFlush() =>
        ((WriteOptions?.Flags ?? WriteFlags.None) & WriteFlags.BufferHint) == 0
        || HttpContext.Response.BodyWriter.UnflushedBytes > MaxUnflushedBytes;

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        var result = await HttpContext.Response.BodyWriter.FlushAsync(cancellationToken);
        if (result.IsCompleted || result.IsCanceled)
            throw ClientGone(null);
    }

    private void Reset(int errorCode) => HttpContext.Features.Get<IHttpResetFeature>()?.Reset(errorCode);

    private void StopHandler()
    {
        try
        {
            _stopping.Cancel();
        }
        catch (AggregateException ex)
        {
            // Callbacks are the handler's; their failures must not keep the call from ending.
            ServerLog.CancellationCallbackFailed(Logger, Method, ex);
        }
    }

    private void BeginWrite()
    {
        CancellationToken.ThrowIfCancellationRequested();
        var before = TryBeginWrite();
        if (before is Phase.Writing)
            throw new InvalidOperationException("Another write is running; await it first.");
        if (before is Phase.Ended)
            throw DeadlinePassed.IsCompleted ? ClientGone(null) : new InvalidOperationException("The call has ended.");
    }

    /// <summary>The phase until now; the response belongs to the caller if it was Open.</summary>
    private Phase TryBeginWrite()
    {
        lock (_lock)
        {
            var before = _phase;
            if (before == Phase.Open)
                _phase = Phase.Writing;
            return before;
        }
    }

    private void EndWrite()
    {
        lock (_lock)
        {
            if (_phase == Phase.Writing)
                _phase = Phase.Open;
        }
    }

    /// <summary>The phase that ended, or null when the call had ended before.</summary>
    private Phase? TryEnd()
    {
        lock (_lock)
        {
            if (_phase == Phase.Ended)
                return null;
            var before = _phase;
            _phase = Phase.Ended;
            return before;
        }
    }

    /// <summary>Kestrel reports a lost client as IOException a moment before it cancels; handlers shall see one thing only.</summary>
    private OperationCanceledException ClientGone(Exception? cause)
    {
        StopHandler();
        return new OperationCanceledException("The client has cancelled the call or is gone.", cause, CancellationToken);
    }
}
