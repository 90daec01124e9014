// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>Where a container stands, in the engine's words.</summary>
public enum ContainerState
{
    /// <summary>A word this client does not know.</summary>
    Unknown = 0,

    /// <summary>Made, never started (or its start failed).</summary>
    Created,

    /// <summary>Its first process runs.</summary>
    Running,

    /// <summary>Frozen.</summary>
    Paused,

    /// <summary>The engine is about to start it again; not seen on containers of ours.</summary>
    Restarting,

    /// <summary>Being removed.</summary>
    Removing,

    /// <summary>It ran and ended.</summary>
    Exited,

    /// <summary>The engine could not remove all of it.</summary>
    Dead,
}
