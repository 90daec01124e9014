// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.Planning.Releases;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>
/// Brings a kept release of a stack back as its next one: the very revisions, hence the very digests, and no registry is asked. The numbers
/// of replicas stay, as with a single service's rollback.
/// </summary>
internal static class StackRollback
{
    public static MutationResult Carry(Turn turn, ClusterEvent.RollBackStack order)
    {
        var state = turn.State;
        if (!state.Releases.ContainsKey(order.Stack) && ReleaseMutations.Others(state, order.Stack, []).IsEmpty)
            return Refusals.NotFound("stack", order.Stack, state.Services.Values.Select(service => service.Name.Stack).Distinct());
        if (Choose(state, order) is not { } target) return NothingToGoBackTo(state, order);
        if (target.State != ReleaseState.Succeeded)
            return Refusals.Conflict($"release {target.Number} of {order.Stack} has not succeeded: {Succeeded(state, order.Stack)}");
        var wanted = target.Members.Values.Where(member => member.Revision > 0).ToList();
        var problems = wanted.Select(member => ProblemOf(state, target, member)).OfType<string>().ToList();
        if (problems.Count > 0)
            return Refusals.Conflict($"release {target.Number} of {order.Stack} can not be brought back: {string.Join("; ", problems)}");
        return Begin(turn, order, target, wanted);
    }

    /// <summary>What served before what the stack runs now.</summary>
    private static ReleaseEntry? Choose(ClusterState state, ClusterEvent.RollBackStack order)
    {
        var kept = ReleaseBook.Of(state, order.Stack);
        if (order.ToRelease != 0) return kept.GetValueOrDefault(order.ToRelease);
        var served = ReleaseBook.Served(state, order.Stack);
        var newest = ReleaseBook.Newest(state, order.Stack);
        var isAway = newest is { State: ReleaseState.Failed or ReleaseState.RollbackFailed } or { IsActive: true };
        return served is null || isAway ? served : ReleaseBook.Served(state, order.Stack, served.Number);
    }

    private static MutationResult.Accepted Begin(
        Turn turn, ClusterEvent.RollBackStack order, ReleaseEntry target, List<ReleaseMember> wanted)
    {
        var revisions = wanted.Select(member => turn.State.Revisions[member.Service][member.Revision]).ToList();
        var release = new ReleaseRecord
        {
            Stack = order.Stack,
            Number = ReleaseBook.NextNumber(turn.State, order.Stack),
            Services = [.. revisions.Select(revision => revision.Spec)],
            Hashes = revisions.ToImmutableSortedDictionary(revision => revision.Spec.Name.Name,
                revision => new SpecHashes(revision.SpecHash, revision.TemplateHash), StringComparer.Ordinal),
            Prune = order.Prune,
            Actor = order.Origin.Actor,
            CreatedAt = turn.Now,
        };
        var removed = order.Prune
            ? ReleaseMutations.Others(turn.State, order.Stack, release.Services.Select(spec => spec.Name)) : [];
        var members = wanted.Select(member => new ReleaseMember
        {
            Name = member.Name, Service = member.Service, Revision = member.Revision,
            Rollout = turn.State.Services[member.Service].Rollout.Number,
            State = IsThere(turn.State.Services[member.Service], member.Revision) ? ReleaseMemberState.Unchanged
                : ReleaseMemberState.Waiting,
        }).ToList();
        ReleaseBeginning.Put(turn, release,
            members.Concat(removed.Select(service => ReleaseMutations.Leaving(service, ReleaseMemberState.Left))),
            order.Keeps, target.Number);
        var text = release.Number.ToString(CultureInfo.InvariantCulture);
        return Refusals.Accepted(
        [
            .. members.Select(member => Foretell(turn.State.Services[member.Service], member) with { Text = text }),
            .. removed.Select(service => ReleaseMutations.ForetellRemoval(service) with { Text = text }),
        ]);
    }

    /// <summary>The service is at the revision, and is to stay there.</summary>
    internal static bool IsThere(ServiceRecord service, int revision) =>
        service.Revision == revision && service.Rollout.WantedRevision == revision
        && service.Rollout.State is RolloutState.Running or RolloutState.Succeeded or RolloutState.RolledBack or RolloutState.Aborted;

    private static RequestOutcome Foretell(ServiceRecord service, ReleaseMember member) =>
        member.State == ReleaseMemberState.Unchanged ? ServiceMutations.Outcome(service, ServiceChangeKind.Unchanged)
            : ServiceMutations.Outcome(service, ServiceChangeKind.Updated) with
            {
                Revision = member.Revision, Rollout = service.Rollout.Number + 1,
            };

    private static string? ProblemOf(ClusterState state, ReleaseEntry target, ReleaseMember member)
    {
        var name = new ServiceName(target.Stack, member.Name);
        if (state.Find(name) is not { IsRemoving: false } service || service.Id != member.Service)
            return $"{name.Display} was removed since, and its revisions with it (deploy its file)";
        if (!state.Revisions[service.Id].ContainsKey(member.Revision))
            return $"revision {member.Revision} of {name.Display} is not kept any more";
        return UnconfirmedNodes.Refusal(state, service.Id);
    }

    private static MutationResult.Refused NothingToGoBackTo(ClusterState state, ClusterEvent.RollBackStack order) =>
        order.ToRelease == 0
            ? Refusals.Conflict($"no other release of {order.Stack} has succeeded: there is nothing to go back to")
            : new MutationResult.Refused(RefusalKind.NotFound,
                $"release {order.ToRelease} of {order.Stack} is not kept: {Succeeded(state, order.Stack)}", []);

    private static string Succeeded(ClusterState state, string stack)
    {
        var numbers = ReleaseBook.Of(state, stack).Values.Where(entry => entry.State == ReleaseState.Succeeded)
            .Select(entry => entry.Number).ToList();
        return numbers.Count == 0 ? "none is that has succeeded" : $"{string.Join(", ", numbers)} can be brought back";
    }
}
