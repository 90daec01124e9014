// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Engine;

/// <summary>What a caller expects of the service it applies.</summary>
public enum ApplyExpectation
{
    /// <summary>Create or change.</summary>
    Any = 1,

    /// <summary>Create only; an existing service is a conflict.</summary>
    Absent = 2,

    /// <summary>Change only, and only from the named revision.</summary>
    Revision = 3,
}
