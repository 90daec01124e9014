// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Agent.Images;

/// <summary>An image that nothing on the node needs. Whether the cluster keeps it is for the leader to say.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Names">Every name that it has; when all are taken away, it is gone. Without one, its id.</param>
/// <param name="UsedAt">When it was last of use.</param>
internal sealed record SweepCandidate(string Id, ImmutableArray<string> Names, DateTimeOffset UsedAt)
{
    /// <summary>What the leader may know it by.</summary>
    public IEnumerable<string> Known => Names.Contains(Id) ? Names : Names.Prepend(Id);
}
