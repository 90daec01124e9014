// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace ClusterManager.Load;

/// <summary>An answer, as far as it matters here.</summary>
/// <param name="Status">200 and so on.</param>
/// <param name="Body">Its body.</param>
/// <param name="KeepsAlive">Another request may follow on the same connection.</param>
public sealed record HttpAnswer(int Status, string Body, bool KeepsAlive)
{
    /// <summary>What the lab's web server calls its version; "-" when the body names none.</summary>
    public string Version
    {
        get
        {
            const string key = "\"version\":\"";
            var at = Body.IndexOf(key, StringComparison.Ordinal);
            if (at < 0) return "-";
            var end = Body.IndexOf('"', at + key.Length);
            return end < 0 ? "-" : Body[(at + key.Length)..end];
        }
    }

    /// <summary>Reads an answer with a Content-Length, or one that the connection's end ends; null while some of it is missing.</summary>
    /// <param name="data">What came so far.</param>
    /// <param name="isEnd">Nothing more will come.</param>
    /// <exception cref="InvalidDataException">It is no answer, or of a kind that is not read here.</exception>
    public static HttpAnswer? TryRead(ReadOnlySpan<byte> data, bool isEnd)
    {
        var headEnd = data.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0) return null;
        var lines = Encoding.ASCII.GetString(data[..headEnd]).Split("\r\n");
        var first = lines[0].Split(' ', 3);
        if (first.Length < 2 || !first[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
            || !int.TryParse(first[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            throw new InvalidDataException($"no answer: {lines[0]}");
        if (Field(lines, "Transfer-Encoding") is { } coding) throw new InvalidDataException($"transfer coding {coding} is not read");
        var body = data[(headEnd + 4)..];
        var keepsAlive = first[0] == "HTTP/1.1" && !"close".Equals(Field(lines, "Connection"), StringComparison.OrdinalIgnoreCase);
        if (!int.TryParse(Field(lines, "Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            return isEnd ? new HttpAnswer(status, Encoding.UTF8.GetString(body), false) : null;
        return body.Length < length ? null : new HttpAnswer(status, Encoding.UTF8.GetString(body[..length]), keepsAlive);
    }

    private static string? Field(string[] lines, string name) => lines.Skip(1)
        .Where(line => line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();
}
