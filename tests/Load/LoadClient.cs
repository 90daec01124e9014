// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace ClusterManager.Load;

/// <summary>One client of a target: sends a request when told, on an idle connection if it has one, and judges what comes of it.</summary>
public sealed class LoadClient : IDisposable
{
    // An idle connection that its server closes at the moment of the next request breaks at once. One that breaks later was cut off while
    // the server worked: that has failed.
    private static readonly TimeSpan IdleCut = TimeSpan.FromMilliseconds(250);

    private readonly int _number;
    private readonly LoadTarget _target;
    private readonly LoadOptions _options;
    private readonly LoadTally _tally;
    private readonly LoadJournal _journal;
    private readonly TimeProvider _time;
    private readonly ConnectionPool _pool = new();

    /// <summary>A client, the how manieth of its target.</summary>
    public LoadClient(
        int number, LoadTarget target, LoadOptions options, LoadTally tally, LoadJournal journal, TimeProvider time)
    {
        (_number, _target, _options, _tally, _journal, _time) = (number, target, options, tally, journal, time);
        Source = new EndpointSource(target, options, time, number);
    }

    /// <summary>Where it sends its requests.</summary>
    public EndpointSource Source { get; }

    /// <summary>Keeps the client's names current until cancelled.</summary>
    public Task ResolveAsync(CancellationToken cancellationToken) => Source.RunAsync(() => _pool.Keep(Source.Endpoints), cancellationToken);

    /// <summary>One request, and its answer.</summary>
    public async Task SendAsync(bool isSlow)
    {
        var path = isSlow ? $"/slow?ms={_options.Slow.TotalMilliseconds:0}" : "/";
        var began = _time.GetTimestamp();
        using var deadline = new CancellationTokenSource(_options.Deadline, _time);
        for (var isRetry = false; ; isRetry = true)
        {
            if (Source.Pick() is not { } endpoint)
            {
                Fail("failed", null, null, path, "no endpoint", began);
                return;
            }

            HttpConnection? connection = null;
            var sent = _time.GetTimestamp();
            try
            {
                connection = isRetry ? null : _pool.Take(endpoint);
                connection ??= await OpenAsync(endpoint, deadline.Token);
                var answer = await connection.GetAsync(path, deadline.Token);
                Judge(answer, connection, path, began);
                return;
            }
            catch (Exception error)
                when (error is SocketException or EndOfStreamException or InvalidDataException or OperationCanceledException)
            {
                connection?.Dispose();
                var isStale = !isRetry && connection is { Answered: > 0, HasAnswerBegun: false } && IsCut(error)
                    && _time.GetElapsedTime(sent) <= IdleCut;
                Fail(isStale ? "retry" : "failed", connection, endpoint, path, Text(error), began);
                if (!isStale) return;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private async Task<HttpConnection> OpenAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var connection = await HttpConnection.OpenAsync(endpoint, cancellationToken);
        _tally.Connected();
        return connection;
    }

    private void Judge(HttpAnswer answer, HttpConnection connection, string path, long began)
    {
        var took = _time.GetElapsedTime(began);
        if (answer.Status != 200) Fail("failed", connection, connection.Endpoint, path, $"status {answer.Status}", began);
        else
        {
            var isLate = took > _options.Late;
            _tally.Answered(connection.Endpoint, answer.Version, took, isLate);
            if (isLate) Write("late", connection, connection.Endpoint, path, "", began);
        }

        if (answer.KeepsAlive) _pool.Return(connection);
        else connection.Dispose();
    }

    private void Fail(string kind, HttpConnection? connection, IPEndPoint? endpoint, string path, string error, long began)
    {
        if (kind == "retry") _tally.Retried();
        else _tally.Failed(error is "reset" or "closed");
        Write(kind, connection, endpoint, path, error, began);
    }

    private void Write(string kind, HttpConnection? connection, IPEndPoint? endpoint, string path, string error, long began) =>
        _journal.Write(new LoadEvent(
            _journal.Now, kind, _target.Text, _number, $"{endpoint}", path, error, (long)_time.GetElapsedTime(began).TotalMilliseconds,
            connection?.Answered ?? 0));

    private static bool IsCut(Exception error) => Text(error) is "reset" or "closed";

    private static string Text(Exception error) => error switch
    {
        OperationCanceledException => "timeout",
        EndOfStreamException => "closed",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "refused",
        SocketException
        {
            SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown,
        } => "reset",
        _ => error.Message,
    };
}
