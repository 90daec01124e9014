// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Agent.Node;

/// <summary>
/// How many callers hold a TCP connection to a container: the kernel's table of the container's network, read through its process. What a
/// container says to itself, such as an image's health check, does not count.
/// </summary>
internal static class OpenConnections
{
    private const string Established = "01";

    /// <summary>The connections that are open at this moment; 0 as well when the process is gone or its table can not be read.</summary>
    /// <param name="processId">Some process of the container, as the engine's host sees it.</param>
    /// <param name="ports">The container's ports that callers use.</param>
    public static int Count(int processId, IReadOnlySet<int> ports) =>
        processId <= 0 || ports.Count == 0 ? 0 : CountFile(processId, "tcp", ports) + CountFile(processId, "tcp6", ports);

    /// <summary>The connections in a table as <c>/proc/PID/net/tcp</c> prints it. Pure.</summary>
    public static int CountLines(IEnumerable<string> lines, IReadOnlySet<int> ports) => lines.Count(line =>
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 3 && words[3] == Established && PortOf(words[1]) is { } port && ports.Contains(port) && !IsLoopback(words[2]);
    });

    private static int CountFile(int processId, string table, IReadOnlySet<int> ports)
    {
        try
        {
            return CountLines(File.ReadLines($"/proc/{processId}/net/{table}"), ports);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    // ADDRESS:PORT in hexadecimal, the address in words of the machine's byte order.
    private static int? PortOf(string place) =>
        int.TryParse(place.AsSpan(place.IndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var port)
            ? port : null;

    // 127.0.0.0/8, the same within IPv6, and ::1.
    private static bool IsLoopback(string place)
    {
        var address = place[..Math.Max(0, place.IndexOf(':'))];
        return address == "00000000000000000000000001000000"
            || (address.EndsWith("7F", StringComparison.Ordinal)
                && (address.Length == 8 || address.StartsWith("0000000000000000FFFF0000", StringComparison.Ordinal)));
    }
}
