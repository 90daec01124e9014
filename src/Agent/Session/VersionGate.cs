// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Model;

namespace ClusterManager.Agent.Session;

/// <summary>
/// Decides whether the agent believes a manager: nothing of another cluster, nothing older than known (incarnation, term and number
/// compared in
/// that order), no unknown incarnation. So a lost or restored state can not make agents delete what runs. Pure.
/// </summary>
internal static class VersionGate
{
    /// <summary>Judges the version that a leader shows in its welcome.</summary>
    /// <param name="known">The newest version applied.</param>
    /// <param name="confirmedIncarnation">The highest life of the state that join or an operator confirmed.</param>
    /// <param name="offered">The leader's.</param>
    public static GateVerdict JudgeLeader(StateVersion known, long confirmedIncarnation, StateVersion offered) =>
#if MUTANTS
        MutantSwitch.Is(Mutant.TrustOldTerm) && offered.Incarnation <= confirmedIncarnation ? GateVerdict.Accept :
        MutantSwitch.Is(Mutant.TrustAnyIncarnation) && offered >= known ? GateVerdict.Accept :
#endif
        offered < known ? GateVerdict.Stale
        : offered.Incarnation > confirmedIncarnation ? GateVerdict.UnconfirmedIncarnation
        : GateVerdict.Accept;

    /// <summary>Judges an update.</summary>
    /// <param name="cluster">This node's cluster.</param>
    /// <param name="book">What is known.</param>
    /// <param name="confirmedIncarnation">As in <see cref="JudgeLeader"/>.</param>
    /// <param name="update">What arrived.</param>
    public static GateVerdict Judge(ClusterId cluster, AssignmentBook book, long confirmedIncarnation, AssignmentUpdate update)
    {
        if (update.Cluster != cluster) return GateVerdict.OtherCluster;
        var leader = JudgeLeader(book.Version, confirmedIncarnation, update.To);
        if (leader != GateVerdict.Accept || update.IsComplete) return leader;
#if MUTANTS
        if (MutantSwitch.Is(Mutant.IncrementalOverGap)) return GateVerdict.Accept;
#endif
        return book.IsKnown && update.From == book.Version ? GateVerdict.Accept : GateVerdict.NeedComplete;
    }
}
