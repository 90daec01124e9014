// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;

namespace ClusterManager.Registry;

/// <summary>What is special about one registry.</summary>
public sealed record RegistryHostOptions
{
    /// <summary>Where its API is, host and port, when that is not where its name says; null: there.</summary>
    public string? Address { get; init; }

    /// <summary>It speaks plain HTTP: whoever listens reads passwords, and may answer in its place. Default false.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>
    /// Roots that may have signed its certificate and its token service's, beside the system's; null: the system's alone.
    /// </summary>
    public X509Certificate2Collection? ExtraRoots { get; init; }

    /// <summary>
    /// Other registries that hold the same repositories, asked in this order before it; each with its own entry and credential. What one
    /// of them answers is believed, what it refuses or lacks is asked of the next.
    /// </summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];
}
