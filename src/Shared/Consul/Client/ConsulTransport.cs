// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ClusterManager.Consul;

/// <summary>
/// Sends one request with its deadline and turns every foreign failure into a <see cref="ConsulException"/>: the one place where
/// that happens.
/// </summary>
internal sealed class ConsulTransport(ConsulClientOptions options, HttpMessageInvoker invoker) : IDisposable
{
    private const string TokenHeader = "X-Consul-Token";

    public ConsulClientOptions Options => options;

    public void Dispose() => invoker.Dispose();

    /// <summary>Sends and returns the answer whatever its status; throws only when there is no answer.</summary>
    public async Task<ConsulReply> SendAsync(ConsulRequest call, CancellationToken cancellation)
    {
        var timeout = options.Timeout + call.Wait + (call.Wait / 16);
        using var deadline = new CancellationTokenSource(timeout, options.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        var token = options.Token();
        using var request = CreateRequest(call, token);
        var started = options.Time.GetTimestamp();
        var outcome = "cancelled";
        try
        {
            using var response = await invoker.SendAsync(request, linked.Token);
            await response.Content.LoadIntoBufferAsync(options.AnswerBytesMax, linked.Token);
            var body = await response.Content.ReadAsByteArrayAsync(linked.Token);
            outcome = ConsulMeter.OutcomeOf((int)response.StatusCode);
            return new ConsulReply(call, (int)response.StatusCode, response.Headers, body, token);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            outcome = "timeout";
            throw new ConsulException(ConsulErrorKind.Timeout, call.Operation, null, $"no answer within {timeout.TotalSeconds:0.###} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            outcome = "unreachable";
            throw ConsulErrors.FromConnection(call.Operation, error);
        }
        finally
        {
            ConsulMeter.Ended(call, outcome, options.Time.GetElapsedTime(started));
        }
    }

    /// <summary>Sends, and throws unless the answer is a success.</summary>
    public async Task<ConsulReply> CallAsync(ConsulRequest call, CancellationToken cancellation)
    {
        var reply = await SendAsync(call, cancellation);
        return reply.IsSuccess ? reply : throw reply.ToException();
    }

    /// <summary>Sends and reads the answer's JSON.</summary>
    public async Task<T> CallAsync<T>(ConsulRequest call, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        (await CallAsync(call, cancellation)).Read(type);

    /// <summary>Sends a read and returns its JSON with the index it is valid for.</summary>
    public async Task<ConsulAnswer<T>> QueryAsync<T>(
        string path, string query, ReadOptions read, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        var reply = await CallAsync(ConsulRequest.Get(path, query, read), cancellation);
        return reply.ToAnswer(reply.Read(type));
    }

    private HttpRequestMessage CreateRequest(ConsulRequest call, string? token)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(options.Address, call.PathAndQuery));
        if (!string.IsNullOrEmpty(token))
            request.Headers.TryAddWithoutValidation(TokenHeader, token);
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        else if (call.Method != HttpMethod.Get)
        {
            // A PUT without a body still says how long it is.
            request.Content = new ByteArrayContent([]);
        }

        return request;
    }
}
