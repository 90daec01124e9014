// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>How one service of a release stands. In a release that has ended: how it was left.</summary>
public enum ReleaseMemberState
{
    /// <summary>What it depends on is not so far.</summary>
    Waiting = 1,

    /// <summary>It is applied, or removed if the release does not have it, as soon as a turn has room.</summary>
    Due = 2,

    /// <summary>It was changed; its rollout says how that goes.</summary>
    Applied = 3,

    /// <summary>It was as asked already.</summary>
    Unchanged = 4,

    /// <summary>The release does not have it: it is removed when all others have succeeded.</summary>
    Left = 5,

    /// <summary>Its removal was ordered.</summary>
    Removed = 6,

    /// <summary>It is sent back as soon as a turn has room.</summary>
    ReturnDue = 7,

    /// <summary>On its way back; or on its way out, since the release made it.</summary>
    Returning = 8,

    /// <summary>As before the release.</summary>
    Returned = 9,

    /// <summary>Its way back failed.</summary>
    Stuck = 10,

    /// <summary>Somebody has changed it since: the release leaves it alone.</summary>
    Taken = 11,
}
