// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Security;

/// <summary>The answer to a signing request: a certificate or the reason why there is none.</summary>
public sealed record IssueResult
{
    /// <summary>The certificate as PEM; null when it was refused.</summary>
    public string? CertificatePem { get; init; }

    /// <summary>Why it was refused, in words for the one who asked; null on success.</summary>
    public string? Problem { get; init; }
}
