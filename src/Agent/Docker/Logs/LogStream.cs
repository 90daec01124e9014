// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>Where a line of output was written to.</summary>
public enum LogStream
{
    /// <summary>Standard output; with a terminal, everything.</summary>
    Stdout = 1,

    /// <summary>Standard error.</summary>
    Stderr = 2,
}
