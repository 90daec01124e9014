// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Cli.Contexts;

/// <summary>One cluster the operator knows: its managers, in the order in which they are tried, and what proves who is who.</summary>
internal sealed record ClusterContext
{
    /// <summary>Its name in the file.</summary>
    public required string Name { get; init; }

    /// <summary><c>host:port</c>, tried in order.</summary>
    public ImmutableArray<string> Managers { get; init; } = [];

    /// <summary>The cluster's trusted roots, PEM; null: not given.</summary>
    public string? CaPem { get; init; }

    /// <summary>The operator's certificate, PEM; null: not given.</summary>
    public string? CertificatePem { get; init; }

    /// <summary>The certificate's private key, PEM; null: it stands with the certificate. Never printed.</summary>
    public string? KeyPem { get; init; }
}

/// <summary>The context that a command uses, and where each part of it came from.</summary>
/// <param name="Context">The context.</param>
/// <param name="NameSource">For example <c>--context</c>, <c>CLUSTER_CONTEXT</c> or the file's path.</param>
/// <param name="ManagersSource">The same for the managers.</param>
internal sealed record ResolvedContext(ClusterContext Context, string NameSource, string ManagersSource);
