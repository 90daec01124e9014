// SPDX-License-Identifier: Apache-2.0
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Progress;

/// <summary>Shows how a change goes on: lines for a pipe, a block redrawn in place for a terminal.</summary>
internal interface IProgressView
{
    /// <summary>Shows what a snapshot changed.</summary>
    void Show(V1.ServicesSnapshot snapshot, RolloutTracker tracker);

    /// <summary>Shows what has lasted long enough by now; called several times a second, also when nothing changes.</summary>
    void Tick();

    /// <summary>Leaves the screen ready for what follows.</summary>
    void End();
}
