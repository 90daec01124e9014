// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Plans;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Engine;

/// <summary>
/// Something that happened, as the engine's mailbox carries it. Events say what is dirty; the truth is read from the state.
/// </summary>
public abstract record ClusterEvent
{
    private ClusterEvent() { }

    // What the witnesses say.

    /// <summary>An agent's session began; the report holds everything the agent has.</summary>
    public sealed record NodeConnected(
        NodeId Node, long Session, NodeFacts Facts, bool EngineUp, ImmutableArray<AllocationReport> Report) : ClusterEvent
    {
        /// <summary>The protocol of the session.</summary>
        public int Protocol { get; init; }

        /// <summary>The agent can be told to have an image before a rollout begins.</summary>
        public bool CanPull { get; init; }

        /// <summary>The agent understands which name leads to a replica.</summary>
        public bool KnowsColours { get; init; }

        /// <summary>The agent knows what hooks are.</summary>
        public bool CanRunHooks { get; init; }

        /// <summary>The engine's disk; null: not known.</summary>
        public DiskObservation? Disk { get; init; }

        /// <summary>What the agent's disk holds with specs; only told after a change of the incarnation.</summary>
        public ImmutableArray<HeldAllocation> Held { get; init; } = [];
    }

    /// <summary>An agent's session ended. Ignored when a newer session of the node exists.</summary>
    public sealed record NodeDisconnected(NodeId Node, long Session) : ClusterEvent;

    /// <summary>An agent reports what changed. Ignored unless it comes from the node's newest session.</summary>
    public sealed record AgentReported(
        NodeId Node, long Session, bool EngineUp, NodeFacts? Facts, ImmutableArray<AllocationReport> Report) : ClusterEvent
    {
        /// <summary>The engine's disk; null: as before.</summary>
        public DiskObservation? Disk { get; init; }
    }

    /// <summary>An agent answers an image look-up.</summary>
    public sealed record ImageAnswered(NodeId Node, long Query, ImageAnswer Answer) : ClusterEvent;

    /// <summary>An agent says how the image that it is to have stands.</summary>
    public sealed record ImagePulled(NodeId Node, long Pull, PullAnswer Answer) : ClusterEvent;

    /// <summary>Somebody who was asked about a canary's step has answered, or has not.</summary>
    public sealed record GateAnswered(
        ServiceId Service, int Rollout, int Step, int Gate, GateVerdict Verdict, string Text) : ClusterEvent;

    /// <summary>
    /// Consul's serfHealth of nodes, by node; a node that is missing is not known to Consul. <c>Only</c> names the nodes of which something
    /// else is said than in the event before; null: any may be news.
    /// </summary>
    public sealed record SerfObserved(
        ImmutableSortedDictionary<NodeId, bool> Passing, IReadOnlyList<NodeId>? Only = null) : ClusterEvent;

    /// <summary>Time has passed: a due time of the last turn was reached.</summary>
    public sealed record Tick : ClusterEvent;

    // What callers ask for. Each is answered once, after its commit.

    /// <summary>A mutation: answered with <see cref="MutationReply"/> by its ticket.</summary>
    public abstract record Mutation(long Ticket, MutationOrigin Origin) : ClusterEvent
    {
        /// <summary>What its plan rests on: it is refused when that is not so any more; null: it was not planned.</summary>
        public PlanBase? Base { get; init; }
    }

    /// <summary>Create or change one service.</summary>
    public sealed record ApplyService(
        long Ticket, MutationOrigin Origin, AcceptedSpec Spec, ApplyExpectation Expect, int ExpectedRevision,
            bool Force) : Mutation(Ticket, Origin);

    /// <summary>
    /// The registry has news for a service that follows its image: the spec (the same, or with a higher version) and the digest to run.
    /// Refused unless the service is still at the revision from which that was decided.
    /// </summary>
    public sealed record FollowImage(
        long Ticket, MutationOrigin Origin, AcceptedSpec Spec, int ExpectedRevision, string Digest) : Mutation(Ticket, Origin);

    /// <summary>Set the number of replicas of several services. Deadline null: each revision's own.</summary>
    public sealed record ScaleServices(
        long Ticket, MutationOrigin Origin, ImmutableArray<(ServiceName Name, int Replicas)> Targets,
            TimeSpan? Deadline) : Mutation(Ticket, Origin);

    /// <summary>Begin a rollout to a kept revision; 0: the one that served before. Deadline null: the revision's own.</summary>
    public sealed record RollBackService(
        long Ticket, MutationOrigin Origin, ServiceName Name, int ToRevision, TimeSpan? Deadline) : Mutation(Ticket, Origin);

    /// <summary>Pause, resume or abort the rollout under way; refused when it is not the expected one (0: whichever).</summary>
    public sealed record ControlRollout(
        long Ticket, MutationOrigin Origin, ServiceName Name, RolloutOrder Order, int ExpectedRollout) : Mutation(Ticket, Origin);

    /// <summary>Replace these allocations by others of the same revision. One that is not wanted any more is left out.</summary>
    public sealed record ReplaceAllocations(
        long Ticket, MutationOrigin Origin, ImmutableArray<AllocationId> Allocations) : Mutation(Ticket, Origin);

    /// <summary>Remove services.</summary>
    public sealed record RemoveServices(long Ticket, MutationOrigin Origin, ImmutableArray<ServiceName> Names) : Mutation(Ticket, Origin);

    /// <summary>Deploy a stack: all its services.</summary>
    public sealed record DeployStack(
        long Ticket, MutationOrigin Origin, string Stack, ImmutableArray<AcceptedSpec> Services, bool Prune) : Mutation(Ticket, Origin)
    {
        /// <summary>When one service fails, the others stay as they are; else all go back.</summary>
        public bool Keeps { get; init; }
    }

    /// <summary>Bring a kept release back as the next one; 0: the one that served before.</summary>
    public sealed record RollBackStack(long Ticket, MutationOrigin Origin, string Stack, int ToRelease) : Mutation(Ticket, Origin)
    {
        /// <summary>Remove the stack's services that the kept release does not have.</summary>
        public bool Prune { get; init; }

        /// <summary>As of a deploy.</summary>
        public bool Keeps { get; init; }
    }

    /// <summary>Remove all services of a stack.</summary>
    public sealed record RemoveStack(long Ticket, MutationOrigin Origin, string Stack) : Mutation(Ticket, Origin);

    /// <summary>Change a node's labels or availability (null: unchanged). Node is a name, an id, or a unique prefix of an id.</summary>
    public sealed record UpdateNode(
        long Ticket, MutationOrigin Origin, string Node, ImmutableSortedDictionary<string, string> SetLabels,
        ImmutableSortedSet<string> RemoveLabels, NodeAvailability? Availability) : Mutation(Ticket, Origin);

    /// <summary>Forget a node that is down.</summary>
    public sealed record RemoveNode(long Ticket, MutationOrigin Origin, string Node) : Mutation(Ticket, Origin);

    /// <summary>Lift the brake: what is down now is lost.</summary>
    public sealed record ConfirmLoss(long Ticket, MutationOrigin Origin) : Mutation(Ticket, Origin);

    /// <summary>Take up a service that runs on nodes and is unknown to the state.</summary>
    public sealed record AdoptStrays(long Ticket, MutationOrigin Origin, ServiceName Name) : Mutation(Ticket, Origin);

    /// <summary>Store a new token.</summary>
    public sealed record CreateToken(long Ticket, MutationOrigin Origin, TokenRecord Token) : Mutation(Ticket, Origin);

    /// <summary>Take a token back. Id or a unique prefix of it.</summary>
    public sealed record RevokeToken(long Ticket, MutationOrigin Origin, string Id) : Mutation(Ticket, Origin);

    /// <summary>Store how the cluster proves itself to a registry.</summary>
    public sealed record PutLogin(long Ticket, MutationOrigin Origin, RegistryLoginRecord Login) : Mutation(Ticket, Origin);

    /// <summary>Forget that.</summary>
    public sealed record RemoveLogin(long Ticket, MutationOrigin Origin, string Registry) : Mutation(Ticket, Origin);

    /// <summary>Keep an image on the nodes that have it.</summary>
    public sealed record PutPin(long Ticket, MutationOrigin Origin, PinRecord Pin) : Mutation(Ticket, Origin);

    /// <summary>Keep it no longer. Image as it was pinned.</summary>
    public sealed record RemovePin(long Ticket, MutationOrigin Origin, string Image) : Mutation(Ticket, Origin);

    /// <summary>
    /// A machine joins with a token whose secret's hash is given. Counts the token's use, refuses a taken name or a used-up, expired or
    /// wrong token, and stores the node (its ordinal is set by the engine). The same request id again is the same join.
    /// </summary>
    public sealed record JoinNode(
        long Ticket, MutationOrigin Origin, string TokenId, ReadOnlyMemory<byte> SecretHash, NodeRecord Node) : Mutation(Ticket, Origin)
    {
        /// <summary>The machine may be a node already: it comes back with what it runs, perhaps at another address.</summary>
        public bool Keeps { get; init; }
    }

    /// <summary>What provisioning learnt about a node after its join: its Consul token's accessor, its address, its roles.</summary>
    public sealed record RecordNode(long Ticket, MutationOrigin Origin, NodeRecord Node) : Mutation(Ticket, Origin);
}
