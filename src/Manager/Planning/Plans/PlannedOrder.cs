// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Planning.Plans;

/// <summary>Which goes first where one replica takes another's place.</summary>
/// <param name="StartFirst">Slots in which the new one serves before the old one stops.</param>
/// <param name="StopFirst">Slots in which the old one goes first.</param>
/// <param name="AtOnce">Most slots in which a replacement is under way at the same time.</param>
/// <param name="Why">A sentence.</param>
public sealed record PlannedOrder(int StartFirst, int StopFirst, int AtOnce, string Why)
{
    /// <summary>As people read it.</summary>
    public string Word => StopFirst == 0 ? "start-first" : StartFirst == 0 ? "stop-first" : "mixed";
}
