// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>What an <see cref="EngineEventStream"/> tells its reader.</summary>
public abstract record EngineNotice
{
    private EngineNotice()
    {
    }

    /// <summary>
    /// The stream is connected, for the first time or again. Events may be missing before it (the engine keeps 256, and none over a
    /// restart of its own), so the reader lists everything once.
    /// </summary>
    public sealed record Connected : EngineNotice;

    /// <summary>Something happened.</summary>
    /// <param name="Event">What.</param>
    public sealed record Happened(EngineEvent Event) : EngineNotice;

    /// <summary>The connection is lost; the stream goes on trying.</summary>
    /// <param name="Kind">Why.</param>
    /// <param name="Message">The engine's text, or ours.</param>
    /// <param name="RetryIn">When it tries again.</param>
    public sealed record Disconnected(DockerErrorKind Kind, string Message, TimeSpan RetryIn) : EngineNotice;
}
