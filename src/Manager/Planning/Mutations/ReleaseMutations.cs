// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Releases;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>
/// A stack's deploy is accepted as one release; its services are then applied from it over as many turns as they need and as their
/// dependencies allow.
/// </summary>
internal static class ReleaseMutations
{
    public static MutationResult Deploy(Turn turn, ClusterEvent.DeployStack deploy)
    {
        if (Refuse(turn.State, deploy) is { } refused) return refused;
        var changes = deploy.Services.Select(accepted => (accepted, change: ServiceChange.Of(turn.State, accepted, force: false))).ToList();
        var removed = deploy.Prune ? Others(turn.State, deploy.Stack, deploy.Services.Select(accepted => accepted.Spec.Name)) : [];
        var release = new ReleaseRecord
        {
            Stack = deploy.Stack,
            Number = ReleaseBook.NextNumber(turn.State, deploy.Stack),
            Services = [.. deploy.Services.Select(accepted => accepted.Spec)],
            Hashes = deploy.Services.ToImmutableSortedDictionary(
                accepted => accepted.Spec.Name.Name,
                accepted => new SpecHashes(accepted.SpecHash, accepted.TemplateHash), StringComparer.Ordinal),
            Prune = deploy.Prune,
            Actor = deploy.Origin.Actor,
            CreatedAt = turn.Now,
        };
        if (SizeEstimate.Of(release) > EngineLimits.SpecBytes)
            return Refusals.Invalid($"stack {deploy.Stack} is larger than 256 KB in all: split it into several stacks");
        var members = changes.Select(pair => MemberOf(pair.accepted.Spec.Name.Name, pair.change))
            .Concat(removed.Select(service => Leaving(service, ReleaseMemberState.Left)));
        ReleaseBeginning.Put(turn, release, members, deploy.Keeps, rollbackOf: 0);
        var text = release.Number.ToString(CultureInfo.InvariantCulture);
        return Refusals.Accepted(
        [
            .. changes.Select(pair => pair.change.Foretell(pair.accepted) with { Text = text }),
            .. removed.Select(service => ForetellRemoval(service) with { Text = text }),
        ]);
    }

    /// <summary>All goes at once: there is nothing that could be waited for, and no way back.</summary>
    public static MutationResult Remove(Turn turn, ClusterEvent.RemoveStack remove)
    {
        var services = Others(turn.State, remove.Stack, []);
        if (services.IsEmpty && !turn.State.Releases.ContainsKey(remove.Stack))
            return Refusals.NotFound("stack", remove.Stack, turn.State.Services.Values.Select(service => service.Name.Stack).Distinct());
        var release = new ReleaseRecord
        {
            Stack = remove.Stack, Number = ReleaseBook.NextNumber(turn.State, remove.Stack), Services = [], Prune = true,
            Actor = remove.Origin.Actor, CreatedAt = turn.Now,
        };
        ReleaseBeginning.Put(
            turn, release, services.Select(service => Leaving(service, ReleaseMemberState.Due)), keeps: true, rollbackOf: 0);
        return Refusals.Accepted([.. services.Select(ForetellRemoval)]);
    }

    /// <summary>The services of the stack but the named ones.</summary>
    internal static ImmutableArray<ServiceRecord> Others(ClusterState state, string stack, IEnumerable<ServiceName> kept)
    {
        var names = kept.ToHashSet();
        return [.. state.Services.Values.Where(service => service.Name.Stack == stack && !service.IsRemoving
            && !names.Contains(service.Name))];
    }

    /// <summary>A service that the release does not have.</summary>
    internal static ReleaseMember Leaving(ServiceRecord service, ReleaseMemberState state) =>
        new() { Name = service.Name.Name, State = state, Service = service.Id, Rollout = service.Rollout.Number };

    internal static RequestOutcome ForetellRemoval(ServiceRecord service) =>
        ServiceMutations.Outcome(service, ServiceChangeKind.Removed) with { Rollout = service.Rollout.Number + 1 };

    private static ReleaseMember MemberOf(string name, ServiceChange change) =>
        change is { Kind: ServiceChangeKind.Unchanged, Existing: { } service }
            ? new ReleaseMember
            {
                Name = name, State = ReleaseMemberState.Unchanged, Service = service.Id, Revision = service.Revision,
            }
            : new ReleaseMember
            {
                Name = name, State = ReleaseMemberState.Waiting, Rollout = change.Existing?.Rollout.Number ?? 0,
            };

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
}
