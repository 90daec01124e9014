// SPDX-License-Identifier: Apache-2.0
#if MUTANTS
using System.ComponentModel;

namespace ClusterManager.Hosting.Mutants;

/// <summary>
/// Deliberate faults by which the simulation's judges are tried (<c>scripts/simulate.sh --mutants</c>). Only a build with
/// <c>-p:Mutants=true</c> has them; each is one small change of the real code, and one process has at most one.
/// </summary>
#pragma warning disable CS1591 // The description is the documentation.
public enum Mutant
{
    None = 0,

    // The manager's planning and engine.
    [Description("forget an index: what has ended stays among its node's live allocations")] ForgetNodeIndex,
    [Description("reuse a slot's generation for another allocation")] ReuseGeneration,
    [Description("fill gaps at once in a new term, before the agents have reported")] NoSettling,
    [Description("a node of which a new leader knows nothing yet counts as down")] UnknownIsDown,
    [Description("a node whose agent is away counts as down though serfHealth passes")] AgentAwayIsDown,
    [Description("a node whose engine does not answer is lost at once")] EngineDownIsDown,
    [Description("ignore the brake on mass loss")] IgnoreBrake,
    [Description("the end of an older session counts as the end of the newest one")] OldSessionEnds,
    [Description("place on drained and paused nodes")] PlaceOnDrained,
    [Description("place beyond a node's memory, and fixed ports twice")] PlaceOnFull,
    [Description("ignore placement constraints")] IgnoreConstraints,
    [Description("place a volume's replica away from the volume's home")] VolumeMoves,
    [Description("start-first stops first")] StopBeforeStart,
    [Description("roll all replicas at once")] RollAllAtOnce,
    [Description("scaling down takes those first that serve")] ScaleDownServing,
    [Description("write Lost without a replacement in the same commit")] LostWithoutReplacement,
    [Description("a rollout succeeds as soon as its replicas are placed")] SucceedEarly,
    [Description("a rollout begins before its image is on the nodes")] TouchBeforePull,
    [Description("a repeated request is carried out again")] ForgetRequests,

    // What is stored, leadership, dispatch.
    [Description("drop the fence: no check-session in the transaction")] DropFence,
    [Description("act on a fence that is not fresh")] StaleFence,
    [Description("an ended allocation is stored as living")] LoseEnded,
    [Description("a service's allocations are not stored when the service changes with them")] LoseAllocations,
    [Description("a commit whose answer was lost counts as failed, and the term goes on")] UnknownIsFailed,
    [Description("a commit whose answer was lost counts as done")] UnknownIsDone,
    [Description("lead from a store without a state, as from an empty one")] SkipEmptyGuard,
    [Description("the difference to what was sent leaves out what is to go")] DiffWithoutRemovals,

    // The agent.
    [Description("trust an older version: the gate lets lower ones in")] TrustOldTerm,
    [Description("trust any incarnation")] TrustAnyIncarnation,
    [Description("apply an INCREMENTAL over a gap")] IncrementalOverGap,
    [Description("a book that could not be read counts as an empty one")] UnknownBookIsEmpty,
    [Description("adopt nothing after the agent's restart: make every container anew")] RecreateOnRestart,
    [Description("start nothing after a power cut before a manager has spoken")] WaitForManager,
    [Description("forget the back-off between restarts")] ForgetBackoff,
    [Description("deregister after the stop")] DeregisterAfterStop,
    [Description("stop at once, without waiting until callers have forgotten")] NoDrain,
    [Description("kill without the stop's grace")] NoGrace,
    [Description("keep the registration of a container that has ended passing")] KeepDeadRegistration,
    [Description("register as passing what is not healthy")] PassWhileSick,
    [Description("take away registrations that are not ours")] TouchForeignRegistrations,
    [Description("give a port away again at once")] ReusePortAtOnce,
    [Description("leave the containers of forgotten allocations")] KeepOrphans,
}
#pragma warning restore CS1591
#endif
