// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Agent.Images;

/// <summary>
/// Where the agent learns which images the cluster keeps: from the leader of the session that lasts, at the moment when it would remove
/// something, and nowhere else. Without such a leader nothing is removed. Thread-safe.
/// </summary>
internal sealed class KeepSource
{
    /// <summary>Most images in one question.</summary>
    public const int ImagesMax = 512;

    private volatile AskAsync? _ask;

    /// <summary>Asks for some images; null: no answer.</summary>
    public delegate Task<IReadOnlyCollection<string>?> AskAsync(
        ImmutableArray<string> images, int revisions, CancellationToken cancellationToken);

    /// <summary>Those of the images that must stay; null: nobody says.</summary>
    public Task<IReadOnlyCollection<string>?> FindAsync(
        ImmutableArray<string> images, int revisions, CancellationToken cancellationToken) =>
        _ask is { } ask ? ask(images, revisions, cancellationToken) : Task.FromResult<IReadOnlyCollection<string>?>(null);

    /// <summary>A session that can be asked has begun.</summary>
    public void Open(AskAsync ask) => _ask = ask;

    /// <summary>It is over, unless a newer one has begun.</summary>
    public void Close(AskAsync ask) => Interlocked.CompareExchange(ref _ask, null, ask);
}
