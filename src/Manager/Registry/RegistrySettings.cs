// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Manager.Registry;

/// <summary>What the file <c>registries.json</c> says. Every part may be absent.</summary>
internal sealed record RegistrySettings
{
    /// <summary>Where images without a registry are looked up, host and port; null: nowhere.</summary>
    public string? DefaultRegistry { get; init; }

    /// <summary>Where in it images of one part live; null: <c>library</c>; empty: at its root.</summary>
    public string? DefaultNamespace { get; init; }

    /// <summary>What is special about single registries and mirrors, by name.</summary>
    public SortedDictionary<string, RegistryEntry?>? Registries { get; init; }

    /// <summary>The same, never null.</summary>
    [JsonIgnore]
    public SortedDictionary<string, RegistryEntry?> Entries => Registries ?? new SortedDictionary<string, RegistryEntry?>();
}

/// <summary>What is special about one registry.</summary>
internal sealed record RegistryEntry
{
    /// <summary>Where its API is, when that is not where its name says, host and port.</summary>
    public string? Address { get; init; }

    /// <summary>It speaks plain HTTP.</summary>
    public bool? PlainHttp { get; init; }

    /// <summary>A PEM file with roots that may have signed its certificate, beside the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Registries with the same content, asked before it in this order.</summary>
    public List<string?>? Mirrors { get; init; }

    /// <summary>The user's name; with <see cref="PasswordFile"/>.</summary>
    public string? Username { get; init; }

    /// <summary>A file with the password and nothing else; read whenever it is needed.</summary>
    public string? PasswordFile { get; init; }
}
