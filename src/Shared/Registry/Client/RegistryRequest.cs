// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>One request to a registry, complete but for what is shown with it.</summary>
internal sealed record RegistryRequest
{
    public required HttpMethod Method { get; init; }

    /// <summary>Where to; on the registry's own scheme, host and port.</summary>
    public required Uri Address { get; init; }

    /// <summary>The media types that are understood.</summary>
    public required string Accept { get; init; }

    /// <summary>The repository that is read: it decides which token is shown.</summary>
    public required string Repository { get; init; }

    /// <summary>What to call what is asked for when it is not there.</summary>
    public required string Subject { get; init; }
}
