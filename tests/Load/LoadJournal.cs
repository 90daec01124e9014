// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace ClusterManager.Load;

/// <summary>Writes events and sums as JSON, one a line, as they happen.</summary>
public sealed class LoadJournal(TextWriter output, TimeProvider time)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);
    private readonly Lock _lock = new();

    /// <summary>The time for an event.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>One event.</summary>
    public void Write(LoadEvent happened) => WriteLine(JsonSerializer.Serialize(happened, Format));

    /// <summary>The sum of a target, in the end: <c>{"sum":{…}}</c>.</summary>
    public void Write(LoadSum sum) => WriteLine(JsonSerializer.Serialize(new { sum }, Format));

    /// <summary>The sums among a journal's lines.</summary>
    public static IReadOnlyList<LoadSum> ReadSums(IEnumerable<string> lines) =>
    [
        .. lines.Where(line => line.StartsWith("{\"sum\"", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sum").Deserialize<LoadSum>(Format)!),
    ];

    private void WriteLine(string line)
    {
        lock (_lock)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }
}
