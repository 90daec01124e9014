// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>Which ends of a container are followed by a restart.</summary>
public enum RestartCondition
{
    /// <summary>Every end.</summary>
    Any = 1,

    /// <summary>Only a non-zero exit code.</summary>
    OnFailure = 2,

    /// <summary>None.</summary>
    None = 3,
}
