// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>
/// Something that happened at the engine. A hint to look, not the truth: events can be missed (see <see cref="EngineNotice.Connected"/>).
/// </summary>
/// <param name="UnixNanoseconds">When, in nanoseconds since 1970.</param>
/// <param name="Type"><c>container</c>, <c>image</c>, <c>network</c>, <c>volume</c> or <c>daemon</c>.</param>
/// <param name="Action">What, such as <c>start</c>, <c>die</c>, <c>oom</c>, <c>destroy</c>, <c>health_status: healthy</c>.</param>
/// <param name="ActorId">The id of what it happened to (of an image or a volume: its name).</param>
/// <param name="Attributes">Labels of the object, and facts such as <c>exitCode</c>, by ordinal name.</param>
public sealed record EngineEvent(
    long UnixNanoseconds, string Type, string Action, string ActorId, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>When; exact to 100 ns.</summary>
    public DateTimeOffset Time => EngineTime.FromUnixNanoseconds(UnixNanoseconds);
}
