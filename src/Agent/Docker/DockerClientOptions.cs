// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>How the engine is reached. Every wait on it ends within one of these times.</summary>
internal sealed record DockerClientOptions
{
    /// <summary>Where Debian, Docker's own packages and nearly everybody put the socket.</summary>
    public const string DefaultSocketPath = "/var/run/docker.sock";

    /// <summary>The engine's unix socket.</summary>
    public string SocketPath { get; init; } = DefaultSocketPath;

    /// <summary>The highest API version to speak. Raised only in tests: what we need, 1.41 has.</summary>
    public ApiVersion Preferred { get; init; } = ApiVersionNegotiation.Preferred;

    /// <summary>For ordinary calls.</summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For connecting to the socket.</summary>
    public TimeSpan ConnectDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For calls behind which a registry stands.</summary>
    public TimeSpan RegistryDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A pull that says nothing for so long has failed.</summary>
    public TimeSpan PullIdleDeadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What a stop may take beyond the container's grace.</summary>
    public TimeSpan StopSlack { get; init; } = TimeSpan.FromSeconds(10);
}
