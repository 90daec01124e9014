// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClusterManager.Agent.Telemetry;

namespace ClusterManager.Agent.Docker;

/// <summary>
/// HTTP to the engine's unix socket: versions, deadlines, and the one place where foreign errors become <see cref="DockerException"/>.
/// </summary>
internal sealed class DockerTransport : IDisposable
{
    // Ordinary calls share few connections; streams (a wait and a log reader per container at most) have their own, so that they
    // never keep an ordinary call waiting.
    private const int CallConnectionsMax = 16;
    private const int StreamConnectionsMax = 4096;
    private const int AnswerBytesMax = 64 * 1024 * 1024;

    private readonly DockerClientOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _calls;
    private readonly HttpClient _streams;
    private volatile string? _version;

    /// <summary>Prepares; connects with the first call.</summary>
    public DockerTransport(DockerClientOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _calls = NewClient(CallConnectionsMax);
        _streams = NewClient(StreamConnectionsMax);
    }

    /// <summary>The API version in use, such as <c>1.41</c>; empty before the first call and after the engine was away.</summary>
    public string Version => _version ?? "";

    /// <summary>Makes a call and reads its answer.</summary>
    public async Task<T> CallAsync<T>(DockerCall call, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        Parse(await CallAsync(call, cancellationToken), type);

    /// <summary>Makes a call; 304 (there is nothing to do) is a success.</summary>
    /// <returns>The answer's body.</returns>
    public async Task<byte[]> CallAsync(DockerCall call, CancellationToken cancellationToken)
    {
        var limit = call.Deadline ?? _options.CallDeadline;
        using var deadline = new CancellationTokenSource(limit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var started = _time.GetTimestamp();
        var outcome = "cancelled";
        try
        {
            using var request = await NewRequestAsync(call, linked.Token);
            using var response = await _calls.SendAsync(request, linked.Token);
            var body = await response.Content.ReadAsByteArrayAsync(linked.Token);
            outcome = "ok";
            return response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified
                ? body
                : throw Failure(call.Operation, response.StatusCode, body);
        }
        catch (DockerException refused)
        {
            outcome = refused.Kind.ToString();
            throw;
        }
        catch (Exception exception) when (Translate(exception, call, limit, cancellationToken) is { } translated)
        {
            outcome = translated.Kind.ToString();
            throw translated;
        }
        finally
        {
            AgentMeter.Called(call, outcome, _time.GetElapsedTime(started));
        }
    }

    /// <summary>Makes a call whose answer is a stream; returns once the engine has accepted.</summary>
    /// <param name="call">The call.</param>
    /// <param name="idle">A stream that says nothing for so long has failed; null for one that may be silent.</param>
    /// <param name="cancellationToken">Ends the opening; not the reading.</param>
    public async Task<EngineStream> OpenAsync(DockerCall call, TimeSpan? idle, CancellationToken cancellationToken)
    {
        var limit = call.Deadline ?? _options.CallDeadline;
        using var deadline = new CancellationTokenSource(limit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        HttpResponseMessage? response = null;
        try
        {
            using var request = await NewRequestAsync(call, linked.Token);
            response = await _streams.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            if (!response.IsSuccessStatusCode)
                throw Failure(call.Operation, response.StatusCode, await response.Content.ReadAsByteArrayAsync(linked.Token));
            var opened = new EngineStream(this, call, response, await response.Content.ReadAsStreamAsync(linked.Token), idle, _time);
            response = null;
            return opened;
        }
        catch (Exception exception) when (Translate(exception, call, limit, cancellationToken) is { } translated)
        {
            throw translated;
        }
        finally
        {
            response?.Dispose();
        }
    }

    /// <summary>Reads JSON that the engine sent.</summary>
    /// <exception cref="DockerException"><see cref="DockerErrorKind.ServerError"/>: it is none, or null.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type)
                ?? throw new DockerException(DockerErrorKind.ServerError, "the engine's answer is empty");
        }
        catch (JsonException exception)
        {
            throw new DockerException(DockerErrorKind.ServerError, "the engine's answer is not the JSON expected", null, exception);
        }
    }

    /// <summary>What a caught exception means; null lets it pass as it is: ours already, the caller's cancellation, a bug.</summary>
    public DockerException? Translate(Exception exception, DockerCall call, TimeSpan limit, CancellationToken caller)
    {
        switch (exception)
        {
            case OperationCanceledException when caller.IsCancellationRequested:
                return null;
            case OperationCanceledException:
                return new DockerException(
                    DockerErrorKind.Timeout, $"{call}: the engine did not answer within {limit.TotalSeconds:0.#} s", null, exception);
            case HttpRequestException or IOException or SocketException:
                // Whoever answers next may be another version of the engine.
                _version = null;
                return new DockerException(
                    DockerErrorKind.EngineUnavailable,
                    $"Docker Engine at {_options.SocketPath}: {exception.GetBaseException().Message}",
                    null,
                    exception);
            default:
                return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _calls.Dispose();
        _streams.Dispose();
    }

    // Several first calls at once may all ask: the answers are alike.
    private async ValueTask<string> AgreeOnVersionAsync(CancellationToken cancellationToken)
    {
        if (_version is { } known)
            return known;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/version");
        using var response = await _calls.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw Failure(DockerOperation.Other, response.StatusCode, body);
        var version = ApiVersionNegotiation.Choose(_options.Preferred, Parse(body, DockerJson.Default.EngineVersionDto)).ToString();
        _version = version;
        return version;
    }

    private async Task<HttpRequestMessage> NewRequestAsync(DockerCall call, CancellationToken cancellationToken)
    {
        var version = await AgreeOnVersionAsync(cancellationToken);
        var request = new HttpRequestMessage(call.Method, $"/v{version}{call.Path}");
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        if (call.RegistryAuth is { } auth)
            request.Headers.TryAddWithoutValidation("X-Registry-Auth", auth);
        return request;
    }

    private static DockerException Failure(DockerOperation operation, HttpStatusCode status, byte[] body)
    {
        var message = ReadMessage(body) ?? $"the engine answered {(int)status}";
        return new DockerException(DockerErrorClassifier.Classify(operation, status, message), message, (int)status);
    }

    private static string? ReadMessage(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, DockerJson.Default.ErrorDto)?.message;
        }
        catch (JsonException)
        {
            // Not from the engine's API: a proxy in front of it, or a page of the HTTP server itself.
            return null;
        }
    }

    private HttpClient NewClient(int connectionsMax)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            ConnectTimeout = _options.ConnectDeadline,
            MaxConnectionsPerServer = connectionsMax,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
        };
        return new HttpClient(handler)
        {
            BaseAddress = new Uri("http://docker"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_options.SocketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
