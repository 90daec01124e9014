// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.State;

/// <summary>An image that stays on every node that has it, whether or not a service needs it.</summary>
public sealed record PinRecord
{
    /// <summary>The image as it was asked for; the pin's name.</summary>
    public required string Image { get; init; }

    /// <summary>What it meant then, <c>sha256:…</c>: this is kept.</summary>
    public required string Digest { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
