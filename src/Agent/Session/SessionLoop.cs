// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Logging;
using ClusterManager.Hosting.Time;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Session;

/// <summary>
/// Always has a session or tries to: dials the managers in order, follows the redirection to the leader at once, comes back within half a
/// second
/// of a loss (spread by the node's id), and waits up to 5 s between rounds in which nobody answered.
/// </summary>
internal sealed partial class SessionLoop
{
    private const int RedirectsMax = 3;
    private static readonly TimeSpan ReconnectSpread = TimeSpan.FromMilliseconds(500);
    private static readonly Backoff Failures = new() { First = TimeSpan.FromMilliseconds(200), Cap = TimeSpan.FromSeconds(5) };

    private readonly SessionContext _context;
    private readonly ISessionTransport _transport;
    private readonly ILogger<SessionLoop> _logger;
    private int _next;
    private int _failures;
    private int _redirects;
    private int _sessions;

    /// <summary>A loop over one transport.</summary>
    public SessionLoop(SessionContext context, ISessionTransport transport)
    {
        _context = context;
        _transport = transport;
        _logger = context.Loggers.CreateLogger<SessionLoop>();
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string? redirect = null;
        while (true)
        {
            var address = redirect ?? NextAddress();
            var (end, wasEstablished) = await RunOnceAsync(address, cancellationToken);
            if (wasEstablished) LogLost(_logger, address, end.ToString());
            else LogNotEstablished(_logger, address, end.ToString());
            redirect = RedirectOf(end);
            await Task.Delay(WaitAfter(wasEstablished, redirect is not null), _context.Runners.Clock.Provider, cancellationToken);
        }
    }

    private async Task<(SessionEnd End, bool WasEstablished)> RunOnceAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = _transport.Open(address);
            var session = new AgentSession(_context, connection) { Established = () => _context.Manager.Publish(address) };
            return (await session.RunAsync(cancellationToken), session.IsEstablished);
        }
        catch (Exception error) when (error is UriFormatException or ArgumentException)
        {
            return (new SessionEnd.Lost($"'{address}' is no address: {error.Message}"), false);
        }
    }

    private string NextAddress()
    {
        var addresses = _context.Directory.Addresses;
        return addresses.IsEmpty ? "" : addresses[_next++ % addresses.Length];
    }

    // Two managers that each name the other must not make us spin.
    private string? RedirectOf(SessionEnd end)
    {
        if (end is not SessionEnd.NotLeader { Leader.Length: > 0 } notLeader || _redirects >= RedirectsMax)
        {
            _redirects = 0;
            return null;
        }
        _redirects++;
        return notLeader.Leader;
    }

    private TimeSpan WaitAfter(bool wasEstablished, bool isRedirected)
    {
        var node = _context.Runners.Node.Id.ToString();
        if (isRedirected) return TimeSpan.Zero;
        if (wasEstablished)
        {
            _failures = 0;
            return ReconnectSpread * StableHash.UnitInterval(node, ++_sessions);
        }
        _failures++;
        var rounds = 1 + (_failures / Math.Max(_context.Directory.Addresses.Length, 1));
        return Failures.After(node, rounds);
    }

    [LoggerMessage(EventIds.AgentSession + 10, LogLevel.Warning, "The session with {Address} ended: {End}", EventName = "SessionLost")]
    private static partial void LogLost(ILogger logger, string address, string end);

    [LoggerMessage(EventIds.AgentSession + 11, LogLevel.Information, "No session with {Address}: {End}",
        EventName = "SessionNotEstablished")]
    private static partial void LogNotEstablished(ILogger logger, string address, string end);
}
