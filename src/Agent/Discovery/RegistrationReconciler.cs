// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Agent.Discovery;

/// <summary>
/// The difference between what should be registered and what the node's Consul agent has. Pure. What harms callers comes first: entries
/// that
/// must go, checks that must turn critical, then the rest, each by ordinal id.
/// </summary>
internal static class RegistrationReconciler
{
    /// <summary>The calls that make them equal.</summary>
    /// <param name="wanted">All that should be there, older allocations before newer ones.</param>
    /// <param name="actual">What is there; entries without our prefix are ignored.</param>
    /// <param name="isBeatDue">Beat every passing check even where nothing differs: their time to live runs.</param>
    public static ImmutableArray<RegistrationChange> Reconcile(
        IEnumerable<Registration> wanted, IEnumerable<Registration> actual, bool isBeatDue)
    {
        // A service that was removed and made again has the same names: while its old replica is still on its way out, the newer one
        // counts.
        var want = wanted.GroupBy(r => r.Id, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(same => same.Key, same => same.Last(), StringComparer.Ordinal);
        var have = actual.Where(r => r.Id.StartsWith(Registration.Prefix, StringComparison.Ordinal)
#if MUTANTS
            || MutantSwitch.Is(Mutant.TouchForeignRegistrations)
#endif
            )
            .ToImmutableSortedDictionary(r => r.Id, r => r, StringComparer.Ordinal);
        var removals = have.Keys
            .Where(id => !want.ContainsKey(id))
            .Select(RegistrationChange (id) => new RegistrationChange.Deregister(id));
        var changes = want.Values.Select(w => Difference(w, have.GetValueOrDefault(w.Id), isBeatDue)).OfType<RegistrationChange>().ToList();
        return [.. removals, .. changes.Where(IsCritical), .. changes.Where(c => !IsCritical(c))];
    }

    private static RegistrationChange? Difference(Registration wanted, Registration? actual, bool isBeatDue)
    {
        if (actual is null || !wanted.IsSameService(actual)) return new RegistrationChange.Register(wanted);
        var differs = wanted.IsPassing != actual.IsPassing;
        return differs || (isBeatDue && wanted.IsPassing) ? new RegistrationChange.SetCheck(wanted.Id, wanted.IsPassing) : null;
    }

    private static bool IsCritical(RegistrationChange change) => change is RegistrationChange.SetCheck { IsPassing: false };
}
