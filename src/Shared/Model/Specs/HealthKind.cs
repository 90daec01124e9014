// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>Who probes and how.</summary>
public enum HealthKind
{
    /// <summary>No health check, also when the image has one.</summary>
    Disabled = 1,

    /// <summary>Docker runs a command in the container.</summary>
    Command = 2,

    /// <summary>The agent asks by HTTP.</summary>
    Http = 3,

    /// <summary>The agent connects by TCP.</summary>
    Tcp = 4,
}
