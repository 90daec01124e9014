// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>What the manager wants of an allocation. Written by the engine only; only moves up.</summary>
public enum DesiredState
{
    /// <summary>Prepare (pull), do not start.</summary>
    Ready = 64,

    /// <summary>Run.</summary>
    Run = 128,

    /// <summary>Leave discovery, drain, stop.</summary>
    Stop = 192,

    /// <summary>Stop and leave nothing behind but named volumes.</summary>
    Remove = 256,
}
