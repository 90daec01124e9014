// SPDX-License-Identifier: Apache-2.0
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client;

/// <summary>
/// One call of any kind. It ends exactly once, with the first of: the server's status, a failure, the deadline, the caller's token,
/// disposal; whatever comes later is ignored. Ending before the response is read out resets the stream with CANCEL.
/// </summary>
internal sealed class ClientCall<TRequest, TResponse> : IDisposable
    where TRequest : class
    where TResponse : class
{
    // After a failed write the reader usually learns the server's reason at once; longer than this a writer does not wait for it.
    private static readonly TimeSpan WriteFailureGrace = TimeSpan.FromSeconds(1);

    private readonly GrpcChannel _channel;
    private readonly Method<TRequest, TResponse> _method;
    private readonly string? _host;
    private readonly CallOptions _options;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<CallOutcome> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Metadata> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PendingEnds _pendingEnds = new();

    private StreamingRequestContent? _requestStream;
    private HttpResponseMessage? _response;
    private MessageReader? _reader;
    private Task _sending = Task.CompletedTask;
    private bool _hasMessage;

    public ClientCall(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        if (options.Deadline is { Kind: not DateTimeKind.Utc } deadline && deadline != DateTime.MaxValue && deadline != DateTime.MinValue)
            throw new ArgumentException("The deadline must be in UTC.", nameof(options));
        _channel = channel;
        _method = method;
        _host = host;
        _options = options;
    }

    /// <summary>The headers of the response, or an <see cref="RpcException"/>.</summary>
    public Task<Metadata> ResponseHeaders => _headers.Task;

    /// <summary>Cancelled when the call has ended early.</summary>
    public CancellationToken Stopping => _stopping.Token;

    private bool HasSingleResponse => _method.Type is MethodType.Unary or MethodType.ClientStreaming;

    public void StartWithRequest(TRequest request)
    {
        var writer = new MessageWriter(_channel.Options.MaxSendMessageSize, _channel.Options.GzipRequests);
        try
        {
            using var frame = writer.Frame(request, _method.RequestMarshaller, _options.WriteOptions);
            // Copied to an array of its own: the HTTP client may still be sending when the call has ended.
            Start(new SingleRequestContent(frame.Written.ToArray()));
        }
        catch (RpcException ex)
        {
            TryEnd(new CallOutcome(ex.Status, ex.Trailers));
        }
    }

    public ClientStreamWriter<TRequest, TResponse> StartWithStream()
    {
        _requestStream = new StreamingRequestContent();
        Start(_requestStream);
        var writer = new MessageWriter(_channel.Options.MaxSendMessageSize, _channel.Options.GzipRequests);
        return new(this, _requestStream, writer, _method.RequestMarshaller) { WriteOptions = _options.WriteOptions };
    }

    /// <summary>The one response, read together with the status behind it.</summary>
    public Task<TResponse> ReadSingleResponseAsync()
    {
        var response = ReadAsync();
        TaskObserver.Observe(response);
        return response;

        async Task<TResponse> ReadAsync()
        {
            // A success without a message is turned into a failure where the outcome is read, so null cannot come here.
            var message = (await ReadNextResponseAsync(CancellationToken.None))!;
            if (await ReadNextResponseAsync(CancellationToken.None) is null)
                return message;
            throw End(Errors.Cardinality("The server sent more than one response.")).ToException();
        }
    }

    /// <summary>The next response; null after the last one when the status is OK.</summary>
    public async Task<TResponse?> ReadNextResponseAsync(CancellationToken cancellationToken)
    {
        using var cancelling = cancellationToken.UnsafeRegister(static call => Cast(call).Cancel(), this);
        await _sending;
        if (!_ended.Task.IsCompleted && await ReadMessageAsync() is { } message)
            return message;
        var outcome = await _ended.Task;
        return outcome.IsSuccess ? null : throw outcome.ToException();
    }

    /// <summary>Throws the call's end, if it has ended. Writing after a success is an error too: nobody reads it.</summary>
    public void ThrowIfEnded()
    {
        if (_ended.Task.IsCompleted)
            throw _ended.Task.Result.ToException();
    }

    /// <summary>What a failed write throws: the reason of the call's end if it becomes known soon, else the failure itself.</summary>
    public async Task<RpcException> ToWriteFailureAsync(Exception failure)
    {
        try
        {
            return (await _ended.Task.WaitAsync(WriteFailureGrace, _channel.Options.TimeProvider)).ToException();
        }
        catch (TimeoutException)
        {
            return failure is OperationCanceledException
                ? new RpcException(new Status(StatusCode.Cancelled, "The server has closed the stream of requests.", failure))
                : new RpcException(FailureMapping.ToStatus(failure));
        }
    }

    public void Cancel() => TryEnd(Ended(StatusCode.Cancelled, "The caller cancelled the call."));

    public void Dispose() => TryEnd(Ended(StatusCode.Cancelled, "The caller disposed the call."));

    public Status GetStatus() => Outcome().Status;

    public Metadata GetTrailers() => Outcome().Trailers;

    private void Start(HttpContent content)
    {
        _pendingEnds.Add(_options.CancellationToken.UnsafeRegister(static call => Cast(call).Cancel(), this));
        _pendingEnds.Add(_channel.Disposed.UnsafeRegister(static call => Cast(call).OnChannelDisposed(), this));
        if (RequestHead.HasDeadline(_options))
        {
            if (DeadlinePassed)
                OnDeadline();
            else
                _pendingEnds.Add(new DeadlineTimer(_channel.Options.TimeProvider, _options.Deadline!.Value, OnDeadline));
        }

        if (!_ended.Task.IsCompleted)
            _sending = SendAsync(RequestHead.Build(_channel, _method, _host, _options, content));
    }

    /// <summary>Sends the request and takes the headers of the response. Never throws: a failure ends the call.</summary>
    private async Task SendAsync(HttpRequestMessage request)
    {
        try
        {
            var response = await _channel.SendAsync(request, Stopping);
            Interlocked.Exchange(ref _response, response);
            if (_ended.Task.IsCompleted)
                response.Dispose();
            else
                Accept(response);
        }
        catch (Exception ex)
        {
            End(ex);
        }
    }

    private void Accept(HttpResponseMessage response)
    {
        if (ResponseHead.FindOutcome(response) is { } outcome)
        {
            TryEnd(RequireMessage(outcome));
            return;
        }

        _headers.TrySetResult(ResponseHead.ReadMetadata(response.Headers.NonValidated));
        // Zero-byte reads: a stream on which nothing happens holds no buffer.
        var pipeOptions = new StreamPipeReaderOptions(bufferSize: 16 * 1024, useZeroByteReads: true);
        var pipe = PipeReader.Create(response.Content.ReadAsStream(), pipeOptions);
        _reader = new MessageReader(pipe, _channel.Options.MaxReceiveMessageSize, ResponseHead.IsGzip(response));
    }

    /// <summary>A message, or null when the call has ended, whichever way.</summary>
    private async Task<TResponse?> ReadMessageAsync()
    {
        try
        {
            var message = await _reader!.ReadAsync(_method.ResponseMarshaller, Stopping);
            _hasMessage |= message is not null;
            if (message is null)
                TryEnd(RequireMessage(ResponseHead.ReadTrailers(_response!)));
            return message;
        }
        catch (Exception ex)
        {
            End(ex);
            return null;
        }
        finally
        {
            if (_ended.Task.IsCompleted)
                _reader!.Complete();
        }
    }

    private CallOutcome RequireMessage(CallOutcome outcome) =>
        outcome.IsSuccess && HasSingleResponse && !_hasMessage
            ? outcome with { Status = Errors.Cardinality("The server sent a status of OK but no response.").Status }
            : outcome;

    /// <summary>Ends the call with a failure, unless it has ended already; returns how it ended.</summary>
    private CallOutcome End(Exception failure)
    {
        var status = FailureMapping.ToStatus(failure);
        // The server's own timer may fire first and reset the stream: for the caller that is still the deadline.
        if (status.StatusCode == StatusCode.Cancelled && RequestHead.HasDeadline(_options) && DeadlinePassed)
            status = new Status(StatusCode.DeadlineExceeded, "The deadline passed.", failure);
        TryEnd(new CallOutcome(status, Metadata.Empty));
        return _ended.Task.Result;
    }

    private bool DeadlinePassed => _options.Deadline <= _channel.Options.TimeProvider.GetUtcNow().UtcDateTime;

    private void OnDeadline() => TryEnd(Ended(StatusCode.DeadlineExceeded, "The deadline passed."));

    private void OnChannelDisposed() => TryEnd(Ended(StatusCode.Cancelled, "The channel was disposed."));

    private static ClientCall<TRequest, TResponse> Cast(object? call) => (ClientCall<TRequest, TResponse>)call!;

    private static CallOutcome Ended(StatusCode code, string detail) => new(new Status(code, detail), Metadata.Empty);

    private void TryEnd(CallOutcome outcome)
    {
        if (!_ended.TrySetResult(outcome))
            return;
        if (!_headers.Task.IsCompleted)
            EndHeaders(outcome);
        _requestStream?.Abort();
        // Cancelling resets a stream that still waits for headers; disposing resets one that is not read to its end.
        _stopping.Cancel();
        _response?.Dispose();
        _pendingEnds.Dispose();
    }

    private void EndHeaders(CallOutcome outcome)
    {
        if (outcome.IsSuccess)
            _headers.TrySetResult(Metadata.Empty);
        else
            _headers.TrySetException(outcome.ToException());
        TaskObserver.Observe(_headers.Task);
    }

    private CallOutcome Outcome() =>
        _ended.Task.IsCompleted ? _ended.Task.Result : throw new InvalidOperationException("The call has not ended yet.");
}
