// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Manager.State;

/// <summary>What is remembered of following a service's image in its registry. Stored with the service.</summary>
public sealed record TrackingRecord
{
    /// <summary>Digests remembered as bad; the oldest goes first.</summary>
    public const int BadMax = 20;

    /// <summary>Nothing yet.</summary>
    public static TrackingRecord Empty { get; } = new();

    /// <summary>
    /// The digest that was last rolled out by itself, or that an operator left for another image: it is no news any more. Empty: none.
    /// </summary>
    public string Seen { get; init; } = "";

    /// <summary>
    /// The image of the operator's spec, where a higher version runs in its place: a file that still names it changes nothing. Empty: what
    /// the operator asked for runs.
    /// </summary>
    public string Asked { get; init; } = "";

    /// <summary>Digests that failed or were rolled back, oldest first: none of them is rolled out again by itself.</summary>
    public ImmutableArray<BadDigest> Bad { get; init; } = [];

    /// <summary>The digest is remembered as bad.</summary>
    public bool IsBad(string digest) => Bad.Any(one => one.Digest == digest);

    /// <summary>With one more bad digest.</summary>
    public TrackingRecord WithBad(string digest, DateTimeOffset now) => IsBad(digest) ? this
        : this with { Bad = [.. Bad.Skip(Math.Max(0, Bad.Length + 1 - BadMax)), new BadDigest(digest, now)] };

    /// <summary>The digest has proved good.</summary>
    public TrackingRecord WithoutBad(string digest) =>
        IsBad(digest) ? this with { Bad = Bad.RemoveAll(one => one.Digest == digest) } : this;
}

/// <summary>A digest that is not rolled out again by itself.</summary>
/// <param name="Digest">For example <c>sha256:…</c>.</param>
/// <param name="At">When it was found bad.</param>
public sealed record BadDigest(string Digest, DateTimeOffset At);
