// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.State;

/// <summary>What somebody who was asked about a canary's step says.</summary>
public enum GateVerdict
{
    /// <summary>It may go on.</summary>
    Open = 1,

    /// <summary>It must not.</summary>
    Shut = 2,

    /// <summary>No answer that means anything: it is asked again.</summary>
    Unclear = 3,
}
