// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Model;

/// <summary>A command that runs once in a rollout, in a container of its own of the new image: see <see cref="HookTemplate"/>.</summary>
public sealed record HookSpec
{
    /// <summary>Shortest time that a hook may be given.</summary>
    public static readonly TimeSpan TimeoutMin = TimeSpan.FromSeconds(1);

    /// <summary>Longest time that a hook may be given.</summary>
    public static readonly TimeSpan TimeoutMax = TimeSpan.FromHours(24);

    /// <summary>Takes the place of the service's command; its entrypoint stays. At least one word.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>How long its process may run: then it is stopped and has failed. Default 5 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The same words and the same time.</summary>
    public bool Equals(HookSpec? other) =>
        other is not null && Timeout == other.Timeout && Command.AsSpan().SequenceEqual(other.Command.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Timeout, Command.Length);
}
