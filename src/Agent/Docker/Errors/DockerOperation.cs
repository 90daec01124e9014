// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>The calls whose errors mean different things although status and text are alike.</summary>
internal enum DockerOperation
{
    /// <summary>Any call about an existing object.</summary>
    Other,

    /// <summary>Pulling an image or asking a registry for its digest.</summary>
    Registry,

    /// <summary>Inspecting a local image.</summary>
    Image,

    /// <summary>Creating a container.</summary>
    Create,

    /// <summary>Starting a container.</summary>
    Start,
}
