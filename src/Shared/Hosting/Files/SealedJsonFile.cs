// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ClusterManager.Hosting.Files;

/// <summary>A value of <typeparamref name="T"/> kept as JSON in a sealed file: the pattern for small state of one process.</summary>
/// <remarks>
/// Give it the type information of a <c>JsonSerializerContext</c>, so that nothing is found by reflection (we publish trimmed).
/// One writer per file; reads are safe beside it.
/// </remarks>
/// <param name="path">The file.</param>
/// <param name="typeInfo">From a source-generated context.</param>
/// <param name="mode">See <see cref="FileModes"/>.</param>
/// <param name="files">The disk; null: this machine's.</param>
public sealed class SealedJsonFile<T>(string path, JsonTypeInfo<T> typeInfo, UnixFileMode mode, AtomicFiles? files = null)
    where T : class
{
    private readonly AtomicFiles _files = files ?? AtomicFiles.Local;

    /// <summary>Reads the newest intact value; damage is in the result, never thrown.</summary>
    public async Task<SealedJsonResult<T>> ReadAsync(CancellationToken cancellationToken)
    {
        var read = await _files.ReadSealedAsync(path, cancellationToken);
        if (!read.HasContent) return new SealedJsonResult<T> { Outcome = read.Outcome, Problem = read.Problem };
        try
        {
            var value = JsonSerializer.Deserialize(read.Content.Span, typeInfo);
            if (value is null) return Damaged("it holds no value");
            return new SealedJsonResult<T> { Outcome = read.Outcome, Value = value, Problem = read.Problem };
        }
        catch (JsonException e)
        {
            return Damaged($"its JSON is not understood at {e.Path ?? "its beginning"}");
        }
    }

    /// <summary>Replaces the value; the one before stays as <c>NAME.prev</c>.</summary>
    public Task WriteAsync(T value, CancellationToken cancellationToken) =>
        _files.WriteSealedAsync(path, JsonSerializer.SerializeToUtf8Bytes(value, typeInfo), mode, cancellationToken);

    private static SealedJsonResult<T> Damaged(string problem) =>
        new() { Outcome = SealedReadOutcome.Damaged, Problem = problem };
}
