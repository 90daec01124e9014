// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Agent.Allocations;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Simulation.Workload;

namespace ClusterManager.Simulation;

/// <summary>One seed from its storm over its healing to its rest, and what became of it.</summary>
public static class SimulationRun
{
    private const int JoinRounds = 5;
    private static readonly TimeSpan JudgePeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestLimit = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(60);

    /// <summary>How long things go wrong unless said otherwise.</summary>
    public static TimeSpan DefaultStorm { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Runs a seed.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="storm">How long things go wrong.</param>
    /// <param name="teller">Told each line of the story as it happens; null: nobody listens.</param>
    public static SimulationResult Run(ulong seed, TimeSpan storm, Action<string>? teller = null)
    {
        var cluster = new SimulatedCluster(seed, teller);
        cluster.Trace.Tell("seed", string.Create(CultureInfo.InvariantCulture, $"{seed}: {cluster.Mix}"));
        var work = new Operator(cluster);
        var faults = new FaultInjector(cluster);
        Advance(cluster, storm);
        faults.Heal();
        work.Stop();
        cluster.Tags.Stop();
        AwaitAnswers(cluster, work);
        for (var i = 0; i < JoinRounds && cluster.Hosts.Any(host => !host.IsMember); i++)
        {
            work.JoinAll();
            AwaitAnswers(cluster, work);
        }

        work.OpenNodes();
        AwaitAnswers(cluster, work);
        Advance(cluster, TimeSpan.FromSeconds(5));
        work.ResumeAll();
        AwaitAnswers(cluster, work);
        AwaitVerdicts(cluster);
        work.DeployAll();
        if (AwaitRest(cluster, work)) CheckQuiet(cluster);
        if (cluster.Timeline.ForeignPosts > 0) cluster.Judge.Violate($"{cluster.Timeline.ForeignPosts} continuations came from other "
            + $"threads: the run is no replay; the first:\n{cluster.Timeline.ForeignStack}");
        return new SimulationResult
        {
            Seed = seed, Violations = [.. cluster.Judge.Violations], Hash = cluster.Trace.Hash, VirtualTime = cluster.Timeline.Now,
            Events = cluster.Timeline.Events, Commits = cluster.Judge.Commits, Shapes = [.. cluster.Judge.Shapes],
                Newest = [.. cluster.Trace.Newest],
            Situations = [.. cluster.Judge.Situations], Faults = cluster.Faults.All, Mix = cluster.Mix.ToString(),
        };
    }

    // Only where all is well so far; the first violation is the one that counts.
    private static void Advance(SimulatedCluster cluster, TimeSpan span)
    {
        var end = cluster.Timeline.Now + span;
        while (cluster.Timeline.Now < end && cluster.Judge.Violations.Count == 0)
        {
            var next = cluster.Timeline.Now + JudgePeriod;
            cluster.Timeline.RunUntil(next < end ? next : end);
            cluster.Judge.CheckHosts();
        }
    }

    private static void AwaitAnswers(SimulatedCluster cluster, Operator work)
    {
        var limit = cluster.Timeline.Now + RestLimit;
        while (work.Outstanding > 0 && cluster.Timeline.Now < limit
            && cluster.Judge.Violations.Count == 0) Advance(cluster, TimeSpan.FromSeconds(1));
        if (work.Outstanding > 0 && cluster.Judge.Violations.Count == 0)
            cluster.Judge.Violate($"{work.Outstanding} calls are not answered within {RestLimit.TotalMinutes} minutes after the last "
                + $"fault");
    }

    // Whatever was asked for, and whatever came of it: with nobody asking for more, every rollout ends.
    private static void AwaitVerdicts(SimulatedCluster cluster)
    {
        var limit = cluster.Timeline.Now + RestLimit;
        while (cluster.Timeline.Now < limit && cluster.Judge.Violations.Count == 0 && Undecided(cluster).Count > 0)
            Advance(cluster, TimeSpan.FromSeconds(2));
        if (cluster.Judge.Violations.Count == 0 && Undecided(cluster) is { Count: > 0 } open)
            cluster.Judge.Violate($"without a verdict {RestLimit.TotalMinutes} minutes after the last fault: {string.Join("; ", open)}");
    }

    private static List<string> Undecided(SimulatedCluster cluster) => cluster.Leader is not { } leader ? ["nobody leads"]
        : [.. leader.State.Services.Values.Where(service => service.Rollout.State == RolloutState.Running)
            .Select(service => $"{service.Name}: {service.Rollout}")];

    private static bool AwaitRest(SimulatedCluster cluster, Operator work)
    {
        var limit = cluster.Timeline.Now + RestLimit;
        var unrest = "";
        while (cluster.Timeline.Now < limit && cluster.Judge.Violations.Count == 0)
        {
            Advance(cluster, TimeSpan.FromSeconds(2));
            unrest = UnrestOf(cluster, work);
            if (unrest.Length > 0) continue;
            cluster.Trace.Tell("rest", "all is as it should be");
            return true;
        }

        if (cluster.Judge.Violations.Count == 0) cluster.Judge.Violate($"no rest within {RestLimit.TotalMinutes} minutes after the last "
            + $"fault: {unrest}");
        return false;
    }

    private static void CheckQuiet(SimulatedCluster cluster)
    {
        // What is still under way when the last wish came true: reports, the last beats.
        Advance(cluster, TimeSpan.FromSeconds(10));
        var (commits, messages, registrations) = (cluster.Judge.Commits, cluster.Judge.Messages,
            cluster.Hosts.Sum(host => host.Services.Changes));
        Advance(cluster, Quiet);
        if (cluster.Judge.Commits != commits) cluster.Judge.Violate($"{cluster.Judge.Commits - commits} commits at rest");
        if (cluster.Judge.Messages != messages) cluster.Judge.Violate($"{cluster.Judge.Messages - messages} messages at rest");
        if (cluster.Hosts.Sum(host => host.Services.Changes) != registrations) cluster.Judge.Violate("registrations changed at rest");
    }

    /// <summary>What is not yet as it should be; empty: nothing.</summary>
    private static string UnrestOf(SimulatedCluster cluster, Operator work)
    {
        if (work.Outstanding > 0) return $"{work.Outstanding} calls wait for their answer";
        if (cluster.Hosts.FirstOrDefault(host => host.Engine.OwesUntil >= cluster.Timeline.Now) is { } owing)
            return $"an answer of the engine of {owing.Name} is waited for";
        if (cluster.Leader is not { } leader) return "nobody leads";
        foreach (var id in leader.State.LiveByNode.Values.SelectMany(ids => ids))
            if (leader.State.Find(id) is { IsToBeReplaced: true }) return $"{id} is to be replaced and is not";
        var state = leader.State;
        if (state.Nodes.Keys.FirstOrDefault(node => state.NodeObservations.GetValueOrDefault(node)?.State != NodeState.Ready) is { } away
            && state.Nodes.ContainsKey(away)) return $"{cluster.NameOf(away)} is not ready";
        if (state.Version != cluster.Judge.Truth?.Version) return "the leader's state is not what is stored";
        foreach (var (name, spec) in work.Wanted)
        {
            if (state.Find(ServiceName.Parse(name)) is not { } service) return $"{name} is not there";
            if (service.Rollout.State != RolloutState.Succeeded)
                return $"{name}: rollout {service.Rollout.State} {service.Rollout.Reason?.Text}; "
                    + $"{state.Gaps.GetValueOrDefault(service.Id)?.Reason.Text}; "
                        + $"{Checks.Stories.Of(state.Allocations.GetValueOrDefault(service.Id, SlotMap.Empty))}";
            var live = state.Allocations.GetValueOrDefault(service.Id,
                SlotMap.Empty).BySlot.Values.SelectMany(records => records).Where(record => record.IsLive).ToList();
            var wanted = spec.Mode == ServiceMode.Global ? state.Nodes.Count : Math.Min(spec.Replicas!.Value, service.Replicas);
            if (live.Count != wanted) return $"{name}: {live.Count} live of {wanted}: "
                + $"{Checks.Stories.Of(state.Allocations[service.Id])}; {state.Gaps.GetValueOrDefault(service.Id)?.Reason.Text}";
            if (live.FirstOrDefault(record => !Runs(cluster,
                record)) is { } idle) return $"{idle.Id} does not run on {cluster.NameOf(idle.Node)}";
        }

        if (state.Services.Count != work.Wanted.Count) return $"{state.Services.Count} services of {work.Wanted.Count}";
        return Extra(cluster, state);
    }

    private static string Extra(SimulatedCluster cluster, ClusterState state)
    {
        var live = state.LiveByNode.Values.Sum(ids => ids.Count);
        var containers = cluster.Hosts.Sum(host => host.Engine.Containers.Count());
        var names = cluster.Hosts.SelectMany(host => host.Engine.Containers)
            .Select(container => $"{container.Id}={container.Request.Labels[ContainerLabels.Allocation]}");
        if (containers != live) return $"{containers} containers for {live} allocations: {string.Join(" ", names)}";
        var expected = state.LiveByNode.Values.SelectMany(ids => ids)
            .Count(id => !state.Revisions[id.Service][state.Find(id)!.Revision].Spec.Ports.IsEmpty);
        var registered = cluster.Hosts.Sum(host => host.Services.Entries.Count(pair => pair.IsPassing));
        var all = cluster.Hosts.Sum(host => host.Services.Entries.Count());
        return registered == expected && all == expected ? "" : $"{registered} of {all} registrations pass, {expected} should";
    }

    private static bool Runs(SimulatedCluster cluster, AllocationRecord record) =>
        cluster.Hosts.First(host => host.Node == record.Node).Engine.Containers
        .Any(container => container.IsRunning && ContainerLabels.OwnerOf(container.Request.Labels, SimulatedCluster.Id) == record.Id);
}
