// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>What becomes of a rollout when more replicas fail than may.</summary>
public enum FailureAction
{
    /// <summary>Back to the revision that served before.</summary>
    Rollback = 1,

    /// <summary>It halts where it is and has failed; what serves stays.</summary>
    Pause = 2,

    /// <summary>It goes on with the other replicas and has failed in the end, if they did not recover.</summary>
    Continue = 3,
}
