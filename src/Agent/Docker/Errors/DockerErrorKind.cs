// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>What went wrong at the engine, as far as callers act differently. docs/docker.md has the messages behind each.</summary>
public enum DockerErrorKind
{
    /// <summary>The engine failed in a way that no other kind names. Trying again may help.</summary>
    ServerError = 0,

    /// <summary>The container, network or volume does not exist.</summary>
    NotFound,

    /// <summary>The object is in a state that forbids the call, such as killing a container that does not run.</summary>
    Conflict,

    /// <summary>The engine refused the request itself as malformed.</summary>
    BadParameter,

    /// <summary>Neither the node nor the registry has the image, or not for this platform.</summary>
    ImageNotFound,

    /// <summary>The registry refused: not logged in, not allowed, or (as some registries say it) no such repository.</summary>
    RegistryDenied,

    /// <summary>The registry could not be reached, broke off, was overloaded, or limits the rate. Trying again may help.</summary>
    RegistryUnreachable,

    /// <summary>A host port that the container publishes is held by another container or process.</summary>
    PortTaken,

    /// <summary>Another container or network has the name.</summary>
    NameTaken,

    /// <summary>The container can not run as described: no such program, user, bind source, capability, sysctl.</summary>
    InvalidConfiguration,

    /// <summary>A disk of the node is full.</summary>
    NoSpace,

    /// <summary>Nobody answers at the socket, it may not be opened, or the connection broke during the call.</summary>
    EngineUnavailable,

    /// <summary>The engine did not answer within the call's deadline. Whether the call took effect is unknown.</summary>
    Timeout,

    /// <summary>The engine is older than 20.10 (API 1.41), or so new that it no longer speaks any version this client knows.</summary>
    UnsupportedEngine,
}
