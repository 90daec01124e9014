// SPDX-License-Identifier: Apache-2.0
#if MUTANTS
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Leadership;

/// <summary>The state that a manager must never make up: of a cluster that has nothing.</summary>
internal static class EmptyMutant
{
    public static StoredCluster Of(ClusterId cluster, long incarnation) => new()
    {
        Meta = new ClusterMeta(cluster, incarnation, "", default), Version = new StateVersion(incarnation, 0, 0), NextServiceId = 1,
        NextNodeOrdinal = 1, NextRequest = 1,
    };
}
#endif
