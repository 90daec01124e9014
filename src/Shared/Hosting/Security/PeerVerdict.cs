// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Security;

/// <summary>The outcome of <see cref="PeerValidator"/>.</summary>
public sealed record PeerVerdict
{
    /// <summary>What is to be thought of the certificate.</summary>
    public required PeerVerdictKind Kind { get; init; }

    /// <summary>
    /// Who it is; null unless the kind is <see cref="PeerVerdictKind.Trusted"/> or <see cref="PeerVerdictKind.Expired"/>.
    /// </summary>
    public PeerIdentity? Identity { get; init; }

    /// <summary>Why it is not trusted, for a log or an operator, without secrets; empty when it is trusted.</summary>
    public string Reason { get; init; } = "";

    /// <summary>True when calls may be made in this peer's name.</summary>
    public bool IsTrusted => Kind == PeerVerdictKind.Trusted;

    internal static PeerVerdict Refuse(PeerVerdictKind kind, string reason) => new() { Kind = kind, Reason = reason };
}
