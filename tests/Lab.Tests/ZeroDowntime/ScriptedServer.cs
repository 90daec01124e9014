// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterManager.Lab.Tests.ZeroDowntime;

/// <summary>An HTTP server that does with each request what a test says: answers, resets, closes, or says nothing.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<int, string> _script;
    private readonly Task _running;
    private int _requests;

    /// <param name="script">By the number of the request, from 1: "answer", "half", "reset", "close", "late reset" (after 400 ms),
    /// "refuse" (503) or "hang".</param>
    public ScriptedServer(Func<int, string> script)
    {
        _script = script;
        _listener.Start();
        _running = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true) conversations.Add(ConverseAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task ConverseAsync(Socket socket)
    {
        using var _ = socket;
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, _stop.Token) > 0)
            {
                var deed = _script(Interlocked.Increment(ref _requests));
                if (deed == "hang") await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
                if (deed == "late reset") await Task.Delay(TimeSpan.FromMilliseconds(400), TimeProvider.System, _stop.Token);
                if (deed is "reset" or "late reset") socket.LingerState = new LingerOption(true, 0);
                if (deed is "reset" or "late reset" or "close") return;
                const string body = "{\"version\":\"7\"}";
                var status = deed == "refuse" ? "503 Service Unavailable" : "200 OK";
                var text = $"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\n\r\n{body}";
                await socket.SendAsync(Encoding.ASCII.GetBytes(deed == "half" ? text[..^5] : text), _stop.Token);
                if (deed == "half") return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test is over, or the client has gone.
        }
    }
}
