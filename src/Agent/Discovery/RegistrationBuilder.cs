// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Node;
using ClusterManager.Model;

namespace ClusterManager.Agent.Discovery;

/// <summary>What should be registered, from the views of all allocations. Pure.</summary>
internal static class RegistrationBuilder
{
    /// <summary>The key of the allocation's id beside an entry.</summary>
    public const string AllocationMeta = "allocation";

    /// <summary>The entries that should be there, by allocation.</summary>
    /// <param name="node">This node.</param>
    /// <param name="views">All allocations.</param>
    /// <param name="actual">
    /// What is registered: while an allocation was not looked at yet, or its assignment is unknown, its entry is kept as it is.
    /// </param>
    public static ImmutableSortedDictionary<AllocationId, Registration> Build(
        NodeIdentity node, IEnumerable<AllocationView> views, IReadOnlyCollection<Registration> actual)
    {
        var wanted = ImmutableSortedDictionary.CreateBuilder<AllocationId, Registration>();
        foreach (var view in views)
        {
            var entry = IsUnknown(view) ? KeptEntry(view, actual)
                : view.Assignment is { } assignment ? OfAssignment(node, view, assignment)
                : null;
            if (entry is not null) wanted[view.Facts.Id] = entry;
        }
        return wanted.ToImmutable();
    }

    /// <summary>The entry's id.</summary>
    public static string IdOf(ServiceName service, AllocationId allocation) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Registration.Prefix}{service.Stack}/{service.Name}/{allocation.Slot}/{allocation.Generation}");

    // Registered from the first run on, critical until it is well, and out before the stop signal. What is not published has no address. A
    // new colour has a name, and with it an entry, of its own: Consul wakes those who wait for a name when an entry of it goes or comes,
    // and not when one changes its name.
    private static Registration? OfAssignment(NodeIdentity node, AllocationView view, Assignment assignment)
    {
        var facts = view.Facts;
#if MUTANTS
        if (MutantSwitch.Is(Mutant.DeregisterAfterStop) && facts.IsRunning) view = view with { Goal = RunnerGoal.Run };
#endif
        if (view.Goal is not (RunnerGoal.Run or RunnerGoal.Hold) || facts.IsFinished || !facts.HasRunHere) return null;
        if (assignment.Colour == Colour.Kept) return null;
        if (assignment.Spec.Ports.IsEmpty || facts.HostPorts.IsEmpty) return null;
        var ports = assignment.Spec.Ports.Select(p => PublishedOf(facts, p)).ToImmutableArray();
        if (ports[0] is not { } first) return null;
        var isGreen = assignment.Colour == Colour.Green;
        return new Registration
        {
            Id = IdOf(assignment.Spec.Name, facts.Id) + (isGreen ? Registration.GreenSuffix : ""),
            Name = isGreen ? assignment.Spec.Name.GreenName : assignment.Spec.Name.DiscoveryName,
            Address = assignment.Spec.Ports[0].HostAddress is { } address && address is not ("0.0.0.0" or "::")
                ? address
                : node.AdvertiseAddress,
            Port = first,
            Meta = MetaOf(node, assignment, ports),
#if MUTANTS
            IsPassing = facts.IsAvailable || MutantSwitch.Is(Mutant.KeepDeadRegistration)
                || (MutantSwitch.Is(Mutant.PassWhileSick) && facts.State == AllocationState.Running)
                || (MutantSwitch.Is(Mutant.DeregisterAfterStop) && facts.IsRunning),
#else
            IsPassing = facts.IsAvailable,
#endif
        };
    }

    private static int? PublishedOf(AllocationFacts facts, PortSpec port) =>
        facts.HostPorts.FirstOrDefault(p => p.Target == port.Target && p.Protocol == port.Protocol
            && (port.Published is null || port.Published == p.Published))?.Published;

    private static ImmutableSortedDictionary<string, string> MetaOf(NodeIdentity node, Assignment assignment, ImmutableArray<int?> ports)
    {
        var meta = Maps.Empty.ToBuilder();
        meta[AllocationMeta] = assignment.Id.ToString();
        meta["cluster"] = node.Cluster.ToString();
        meta["node"] = node.Id.ToString();
        for (var i = 1; i < ports.Length; i++)
        {
            if (ports[i] is not { } published) continue;
            meta[$"port_{assignment.Spec.Ports[i].Target}"] = published.ToString(CultureInfo.InvariantCulture);
        }
        return meta.ToImmutable();
    }

    // An agent that has just begun, or whose disk is damaged, must not take away what it has not looked at.
    private static bool IsUnknown(AllocationView view) =>
        view.Goal == RunnerGoal.Observe
            ? view.Facts.IsRunning
            : view.Goal < RunnerGoal.Stop && !view.Facts.IsLocated && !view.Facts.HasRunHere;

    private static Registration? KeptEntry(AllocationView view, IReadOnlyCollection<Registration> actual) =>
        actual.FirstOrDefault(r => r.Meta.GetValueOrDefault(AllocationMeta) == view.Facts.Id.ToString());
}
