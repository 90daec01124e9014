// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Plans;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.Planning.Releases;
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>
/// Carries out mutations in their order: each whole or not at all within one turn, each answered once, each remembered by its request id. A
/// mutation that does not fit the turn waits for the next; while services of a stack's release are due, all wait.
/// </summary>
internal static class MutationDesk
{
    /// <summary>Left to planning in each turn that begins with mutations.</summary>
    private const int ChangesLeftToPlanning = 16;
    private const int BytesLeftToPlanning = 60_000;

    public static void Handle(Turn turn, IEnumerable<ClusterEvent.Mutation> arrived)
    {
        var queue = new Queue<ClusterEvent.Mutation>(turn.Memory.Deferred.Concat(arrived));
        while (true)
        {
            ReleaseSteps.Apply(turn);
            if (ReleaseSteps.IsAnyDue(turn.State) || queue.Count == 0 || !TryHandle(turn, queue.Peek())) break;
            queue.Dequeue();
        }

        while (queue.Count > EngineLimits.MutationsWaiting) Refuse(turn, queue.Dequeue().Ticket, Overloaded);
        if (queue.Count > 0) turn.HasLeftovers = true;
        if (queue.Count > 0 || !turn.Memory.Deferred.IsEmpty) turn.Memory = turn.Memory with { Deferred = [.. queue] };
    }

    private static MutationResult.Refused Overloaded { get; } =
        Refusals.Conflict("too many changes wait for their commit: try again in a few seconds");

    /// <returns>False when it must wait for the next turn.</returns>
    private static bool TryHandle(Turn turn, ClusterEvent.Mutation mutation)
    {
        if (Known(turn, mutation) is { } first)
        {
            turn.Replies.Add(new MutationReply(mutation.Ticket, first));
            return true;
        }

        var (stateBefore, budgetBefore, dirtyBefore) = (turn.State, turn.Budget.Copy(), turn.Dirty.ToImmutable());
        var moved = mutation.Base is { } planned ? PlanCheck.Refuse(turn.State, planned) : null;
        var result = moved ?? Carry(turn, mutation);
        if (result is MutationResult.Accepted accepted) Remember(turn, mutation.Origin, accepted);
        var isTooBig = turn.Budget.IsOver;
        var isCrowded = !turn.Budget.HasRoom(ChangesLeftToPlanning, BytesLeftToPlanning) && budgetBefore.Count > 0;
        if (isTooBig || isCrowded || result is MutationResult.Refused)
        {
            turn.State = stateBefore;
            turn.Budget = budgetBefore;
            turn.Dirty.Clear();
            turn.Dirty.UnionWith(dirtyBefore);
        }

        if (result is not MutationResult.Refused && budgetBefore.Count > 0 && (isTooBig || isCrowded)) return false;
        if (isTooBig) result = Refusals.Invalid("the change is too large for one commit: at most 60 objects and 300 KB; split it");
        turn.Replies.Add(new MutationReply(mutation.Ticket, result));
        return true;
    }

    private static MutationResult? Known(Turn turn, ClusterEvent.Mutation mutation)
    {
        var origin = mutation.Origin;
        if (origin.RequestId.Length == 0) return Refusals.Invalid("a change needs a request id");
#if MUTANTS
        if (MutantSwitch.Is(Mutant.ForgetRequests)) return null;
#endif
        if (!turn.State.Requests.TryGetValue(origin.RequestId, out var known)) return null;
        return known.Method == origin.Method ? new MutationResult.Accepted(known.Outcomes)
            : Refusals.Conflict($"request id {origin.RequestId} was used for {known.Method} before: make a new one");
    }

    private static MutationResult Carry(Turn turn, ClusterEvent.Mutation mutation) => mutation switch
    {
        ClusterEvent.ApplyService apply => ServiceMutations.Apply(turn, apply),
        ClusterEvent.FollowImage follow => TrackingMutations.Follow(turn, follow),
        ClusterEvent.ScaleServices scale => ServiceMutations.Scale(turn, scale),
        ClusterEvent.RollBackService back => RolloutMutations.RollBack(turn, back),
        ClusterEvent.ControlRollout control => RolloutMutations.Control(turn, control),
        ClusterEvent.ReplaceAllocations replace => ReplaceMutation.Carry(turn, replace),
        ClusterEvent.RemoveServices remove => ServiceMutations.Remove(turn, remove),
        ClusterEvent.DeployStack deploy => ReleaseMutations.Deploy(turn, deploy),
        ClusterEvent.RollBackStack back => StackRollback.Carry(turn, back),
        ClusterEvent.RemoveStack remove => ReleaseMutations.Remove(turn, remove),
        ClusterEvent.UpdateNode update => NodeMutations.Update(turn, update),
        ClusterEvent.RemoveNode remove => NodeMutations.Remove(turn, remove),
        ClusterEvent.ConfirmLoss => NodeMutations.ConfirmLoss(turn),
        ClusterEvent.AdoptStrays adopt => StrayAdoption.Carry(turn, adopt),
        ClusterEvent.RecordNode record => NodeMutations.Record(turn, record),
        ClusterEvent.JoinNode join => TokenMutations.Join(turn, join),
        ClusterEvent.CreateToken create => TokenMutations.Create(turn, create),
        ClusterEvent.PutLogin put => LoginMutations.Put(turn, put),
        ClusterEvent.RemoveLogin remove => LoginMutations.Remove(turn, remove),
        ClusterEvent.PutPin put => PinMutations.Put(turn, put),
        ClusterEvent.RemovePin remove => PinMutations.Remove(turn, remove),
        ClusterEvent.RevokeToken revoke => TokenMutations.Revoke(turn, revoke),
        _ => throw new System.Diagnostics.UnreachableException(mutation.GetType().Name),
    };

    /// <summary>The record takes the place of the one 256 mutations ago, in the store and here.</summary>
    private static void Remember(Turn turn, MutationOrigin origin, MutationResult.Accepted accepted)
    {
        var record = new RequestRecord
        {
            Id = origin.RequestId,
            Number = turn.State.NextRequest,
            Actor = origin.Actor,
            At = turn.Now,
            Method = origin.Method,
            Outcomes = accepted.Outcomes,
        };
        var requests = turn.State.Requests;
        if (requests.Count >= RequestRecord.Kept)
            requests = requests.RemoveRange(requests.Values.Where(r => r.Number <= record.Number - RequestRecord.Kept).Select(r => r.Id)
                .ToImmutableArray());
        turn.State = turn.State with { NextRequest = record.Number + 1, Requests = requests.SetItem(record.Id, record) };
        turn.Budget.Put(new StateChange.PutRequest(record), SizeEstimate.Of(record));
    }

    private static void Refuse(Turn turn, long ticket, MutationResult.Refused refusal) =>
        turn.Replies.Add(new MutationReply(ticket, refusal));
}
