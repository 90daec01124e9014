// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>One service of a release.</summary>
public sealed record ReleaseMember
{
    /// <summary>Its name within the stack.</summary>
    public required string Name { get; init; }

    /// <summary>How it stands.</summary>
    public required ReleaseMemberState State { get; init; }

    /// <summary>The service; default: it was not applied. One that was removed and made again under its name is another one.</summary>
    public ServiceId Service { get; init; }

    /// <summary>The revision that the release is made of; 0: not applied yet.</summary>
    public int Revision { get; init; }

    /// <summary>
    /// The newest rollout that the release began; while it waits, the newest there was: another one is somebody else's. 0: none.
    /// </summary>
    public int Rollout { get; init; }

    /// <summary>It was made by this release, or by ones before it that came to no end: the way back removes it.</summary>
    public bool IsMade { get; init; }

    /// <summary>The revision that the way back leads to; 0: not known yet, or none has served.</summary>
    public int FromRevision { get; init; }

    /// <summary>Replicas wanted before.</summary>
    public int FromReplicas { get; init; }

    /// <summary>The image's digest, or its id where no registry holds it; empty: not known.</summary>
    public string Digest { get; init; } = "";

    /// <summary>The release has changed it, and nobody else since.</summary>
    public bool IsChanged => State is ReleaseMemberState.Applied or ReleaseMemberState.ReturnDue or ReleaseMemberState.Returning
        or ReleaseMemberState.Stuck;
}
