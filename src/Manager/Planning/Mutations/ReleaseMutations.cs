// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>
/// A stack's deploy is accepted as one release record; its services are then applied from it over as many turns as they need. What is
/// told at acceptance holds, because no other mutation is carried out in between.
/// </summary>
internal static class ReleaseMutations
{
    public static MutationResult Deploy(Turn turn, ClusterEvent.DeployStack deploy)
    {
        if (Refuse(turn.State, deploy) is { } refused) return refused;
        var changes = deploy.Services.Select(accepted => (accepted, change: ServiceChange.Of(turn.State, accepted, force: false))).ToList();
        var removed = deploy.Prune ? Others(turn.State, deploy.Stack, deploy.Services.Select(accepted => accepted.Spec.Name)) : [];
        var pending = changes.Where(pair => pair.change.Kind != ServiceChangeKind.Unchanged).Select(pair => pair.accepted.Spec.Name.Name)
            .Concat(removed.Select(service => service.Name.Name));
        var release = new ReleaseRecord
        {
            Stack = deploy.Stack,
            Number = NumberOf(turn.State, deploy.Stack),
            Services = [.. deploy.Services.Select(accepted => accepted.Spec)],
            Hashes = deploy.Services.ToImmutableSortedDictionary(
                accepted => accepted.Spec.Name.Name,
                accepted => new SpecHashes(accepted.SpecHash, accepted.TemplateHash), StringComparer.Ordinal),
            Pending = pending.ToImmutableSortedSet(StringComparer.Ordinal),
            Prune = deploy.Prune,
            Actor = deploy.Origin.Actor,
            CreatedAt = turn.Now,
        };
        if (SizeEstimate.Of(release) > EngineLimits.SpecBytes)
            return Refusals.Invalid($"stack {deploy.Stack} is larger than 256 KB in all: split it into several stacks");
        Put(turn, release);
        var text = release.Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Refusals.Accepted(
        [
            .. changes.Select(pair => pair.change.Foretell(pair.accepted) with { Text = text }),
            .. removed.Select(service => ForetellRemoval(service) with { Text = text }),
        ]);
    }

    public static MutationResult Remove(Turn turn, ClusterEvent.RemoveStack remove)
    {
        var services = Others(turn.State, remove.Stack, []);
        if (services.IsEmpty && !turn.State.Releases.ContainsKey(remove.Stack))
            return Refusals.NotFound("stack", remove.Stack, turn.State.Services.Values.Select(service => service.Name.Stack).Distinct());
        Put(turn, new ReleaseRecord
        {
            Stack = remove.Stack,
            Number = NumberOf(turn.State, remove.Stack),
            Services = [],
            Pending = services.Select(service => service.Name.Name).ToImmutableSortedSet(StringComparer.Ordinal),
            Prune = true,
            Actor = remove.Origin.Actor,
            CreatedAt = turn.Now,
        });
        return Refusals.Accepted([.. services.Select(ForetellRemoval)]);
    }

    public static bool IsAnyPending(Turn turn) => turn.State.Releases.Values.Any(release => !release.Pending.IsEmpty);

    /// <summary>Applies what is pending as far as the turn has room. A release without services goes when it is done.</summary>
    public static void ApplyPending(Turn turn)
    {
        foreach (var release in turn.State.Releases.Values.Where(release => !release.Pending.IsEmpty || release.Services.IsEmpty).ToList())
        {
            var pending = release.Pending;
            foreach (var name in release.Pending)
            {
                if (!TryApplyOne(turn, release, name)) break;
                pending = pending.Remove(name);
            }

            if (TryNote(turn, release with { Pending = pending }, release) && pending.IsEmpty) continue;
            turn.HasLeftovers = true;
            return;
        }
    }

    /// <summary>
    /// Notes how far the release is. Where its record does not fit beside what was applied, it stays as it was: what has been applied is
    /// recognised at the next turn, by this leader or another.
    /// </summary>
    private static bool TryNote(Turn turn, ReleaseRecord release, ReleaseRecord before)
    {
        if (release.Pending.IsEmpty && release.Services.IsEmpty)
        {
            if (!turn.Budget.TryPut(new StateChange.DeleteRelease(release.Stack), 0)) return false;
            turn.State = turn.State with { Releases = turn.State.Releases.Remove(release.Stack) };
            return true;
        }

        if (release.Pending == before.Pending) return true;
        if (!turn.Budget.TryPut(new StateChange.PutRelease(release), SizeEstimate.Of(release))) return false;
        turn.State = turn.State with { Releases = turn.State.Releases.SetItem(release.Stack, release) };
        return true;
    }

    /// <returns>False when the turn has no room for it.</returns>
    private static bool TryApplyOne(Turn turn, ReleaseRecord release, string name)
    {
        var full = new ServiceName(release.Stack, name);
        var service = turn.State.Find(full);
        var spec = release.Services.FirstOrDefault(spec => spec.Name == full);
        if (IsApplied(turn.State, release, service, spec)) return true;
        if (!turn.Budget.HasRoom(2, 8192 + (spec is null ? 0 : SizeEstimate.Of(spec)))) return false;
        if (spec is null)
        {
            ServiceMutations.RemoveOne(turn, service!, release.Actor);
            return true;
        }

        var accepted = new AcceptedSpec(spec, release.Hashes[name].Spec, release.Hashes[name].Template);
        ServiceChange.Of(turn.State, accepted, force: false).Commit(turn, accepted, release.Actor);
        return true;
    }

    private static bool IsApplied(ClusterState state, ReleaseRecord release, ServiceRecord? service, ServiceSpec? spec)
    {
        if (spec is null) return service is null or { IsRemoving: true };
        if (service is null || service.UpdatedAt < release.CreatedAt) return false;
        // What was applied may be on its way back already.
        var revisions = state.Revisions[service.Id];
        var hash = release.Hashes[spec.Name.Name].Spec;
        return revisions[service.Revision].SpecHash == hash || revisions[service.Rollout.ToRevision].SpecHash == hash;
    }

    private static MutationResult.Refused? Refuse(ClusterState state, ClusterEvent.DeployStack deploy)
    {
        var errors = new List<string>();
        foreach (var accepted in deploy.Services)
        {
            var name = accepted.Spec.Name;
            if (name.Stack != deploy.Stack) errors.Add($"service {name} is not of stack {deploy.Stack}");
            else if (ServiceChange.Refuse(state, accepted.Spec) is { } refused) errors.Add(refused.Text);
        }

        foreach (var twice in deploy.Services.GroupBy(accepted => accepted.Spec.Name).Where(group => group.Count() > 1))
            errors.Add($"service {twice.Key} is given twice");
        return errors.Count == 0 ? null : Refusals.Conflict(string.Join("; ", errors));
    }

    private static ImmutableArray<ServiceRecord> Others(ClusterState state, string stack, IEnumerable<ServiceName> kept)
    {
        var names = kept.ToHashSet();
        return [.. state.Services.Values.Where(service => service.Name.Stack == stack && !service.IsRemoving
            && !names.Contains(service.Name))];
    }

    private static int NumberOf(ClusterState state, string stack) =>
        state.Releases.TryGetValue(stack, out var release) ? release.Number + 1 : 1;

    private static RequestOutcome ForetellRemoval(ServiceRecord service) =>
        ServiceMutations.Outcome(service, ServiceChangeKind.Removed) with { Rollout = service.Rollout.Number + 1 };

    private static void Put(Turn turn, ReleaseRecord release)
    {
        turn.State = turn.State with { Releases = turn.State.Releases.SetItem(release.Stack, release) };
        turn.Budget.Put(new StateChange.PutRelease(release), SizeEstimate.Of(release));
    }
}
