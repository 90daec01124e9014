// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.State;

/// <summary>A join token: expires, counts its uses, can be revoked. Only a hash of its secret is stored.</summary>
public sealed record TokenRecord
{
    /// <summary>Public part of the token.</summary>
    public required string Id { get; init; }

    /// <summary>Hash of the secret part.</summary>
    public required ReadOnlyMemory<byte> SecretHash { get; init; }

    /// <summary>It may be used for <c>join --manager</c>.</summary>
    public required bool IsManager { get; init; }

    /// <summary>From then on it is refused.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Joins it still allows.</summary>
    public required int UsesLeft { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>An operator took it back.</summary>
    public bool IsRevoked { get; init; }
}
