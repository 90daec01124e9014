// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ClusterManager.Hosting.Processes;

/// <summary>
/// Tells systemd how a service is (<c>sd_notify</c>). Does nothing where there is no systemd; never throws, since a lost
/// notice is systemd's to notice.
/// </summary>
public sealed class SystemdNotifier
{
    /// <summary>What systemd sets for the service itself and its children must not inherit.</summary>
    internal static readonly string[] Variables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"];

    private readonly UnixDomainSocketEndPoint? _endPoint;

    /// <param name="socket">The value of <c>NOTIFY_SOCKET</c>; null or empty for none.</param>
    /// <param name="watchdogMicroseconds">The value of <c>WATCHDOG_USEC</c>; null or empty for none.</param>
    public SystemdNotifier(string? socket, string? watchdogMicroseconds)
    {
        // A leading @ stands for the zero byte of the abstract name space.
        if (!string.IsNullOrEmpty(socket)) _endPoint = new UnixDomainSocketEndPoint(socket[0] == '@' ? '\0' + socket[1..] : socket);
        if (long.TryParse(watchdogMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0)
            WatchdogPeriod = TimeSpan.FromMicroseconds(microseconds) / 2;
    }

    /// <summary>How often <see cref="Watchdog"/> is to be called: half of systemd's limit; null when it watches nothing.</summary>
    public TimeSpan? WatchdogPeriod { get; }

    /// <summary>From the environment of this process.</summary>
    public static SystemdNotifier FromEnvironment() =>
        new(Environment.GetEnvironmentVariable(Variables[0]), Environment.GetEnvironmentVariable(Variables[1]));

    /// <summary>The service does its work from now on. False when nobody was told.</summary>
    public bool Ready() => Send("READY=1");

    /// <summary>The service is alive: call it from the loop that does the work, not from a timer of its own.</summary>
    public bool Watchdog() => Send("WATCHDOG=1");

    /// <summary>The service has begun to end.</summary>
    public bool Stopping() => Send("STOPPING=1");

    private bool Send(string state)
    {
        if (_endPoint is null) return false;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
            return socket.SendTo(Encoding.ASCII.GetBytes(state), _endPoint) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
