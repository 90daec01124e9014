// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>How a figure has to stand to a gate's threshold.</summary>
public enum GateComparison
{
    /// <summary>Below it.</summary>
    Less = 1,

    /// <summary>Below it, or it.</summary>
    LessOrEqual = 2,

    /// <summary>Above it.</summary>
    Greater = 3,

    /// <summary>Above it, or it.</summary>
    GreaterOrEqual = 4,
}
