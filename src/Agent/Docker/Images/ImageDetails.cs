// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>An image on the node, with those of its defaults that decide how a service runs.</summary>
public sealed record ImageDetails
{
    /// <summary>The image's id (<c>sha256:…</c>): the same content has the same id on every node with the same image store.</summary>
    public required string Id { get; init; }

    /// <summary>Its names with tags, such as <c>web:1</c>; empty for an image pulled by digest only.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Its names with digests, such as <c>web@sha256:…</c>; empty for an image that no registry gave.</summary>
    public required IReadOnlyList<string> RepoDigests { get; init; }

    /// <summary>The processor it is made for, in Docker's words (<c>amd64</c>).</summary>
    public required string Architecture { get; init; }

    /// <summary>The operating system it is made for.</summary>
    public required string Os { get; init; }

    /// <summary>Its size on disk.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>The health check it brings, or null.</summary>
    public ContainerHealthcheck? Healthcheck { get; init; }

    /// <summary>The ports it says it listens on, in ascending order.</summary>
    public required IReadOnlyList<ContainerPort> ExposedPorts { get; init; }

    /// <summary>Its own labels, by ordinal name.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The signal that asks it to end, or null for SIGTERM.</summary>
    public string? StopSignal { get; init; }
}
