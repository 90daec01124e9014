// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>A line of a container's output.</summary>
/// <param name="UnixNanoseconds">When the engine read it, in nanoseconds since 1970: exact, to resume from. 0 when it gave no time.</param>
/// <param name="Stream">Where it was written to.</param>
/// <param name="Text">The line without its end, read as UTF-8; bytes that are none become U+FFFD.</param>
/// <param name="Continues">True when the line was longer than <see cref="LengthBytesMax"/> and the next one goes on with it.</param>
public sealed record LogLine(long UnixNanoseconds, LogStream Stream, string Text, bool Continues = false)
{
    /// <summary>A longer line is handed out in pieces: 64 KiB.</summary>
    public const int LengthBytesMax = 64 * 1024;

    /// <summary>When the engine read it; exact to 100 ns.</summary>
    public DateTimeOffset Time => EngineTime.FromUnixNanoseconds(UnixNanoseconds);
}
