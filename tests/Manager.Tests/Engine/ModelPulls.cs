// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>How the model's agents have images before rollouts: at once, unless a test says how long or why not.</summary>
public sealed class ModelPulls
{
    private readonly SortedDictionary<(NodeId Node, string Image), DateTimeOffset> begun = [];

    /// <summary>What takes time to pull, on every node; missing: it is there.</summary>
    public SortedDictionary<string, TimeSpan> Takes { get; } = new(StringComparer.Ordinal);

    /// <summary>Nodes that can not have any image, and why.</summary>
    public SortedDictionary<NodeId, Reason> Fails { get; } = [];

    /// <summary>Nodes whose agents know nothing of it.</summary>
    public SortedSet<NodeId> OldAgents { get; } = [];

    /// <summary>What is on the nodes by now.</summary>
    public SortedSet<(NodeId Node, string Image)> Present { get; } = [];

    /// <summary>Most nodes that pulled at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>They tell how far they are each second.</summary>
    public bool TellsProgress { get; set; }

    /// <summary>When the next pull ends, or tells how far it is.</summary>
    public DateTimeOffset? NextDue(ClusterState state, Func<NodeId, bool> isThere) => state.ImagePulls.Values.SelectMany(pull =>
        pull.Nodes.Where(node => isThere(node) && pull.WaitsFor(node)).Select(node => DueOf(pull, node))).Min();

    /// <summary>What agents say now.</summary>
    public List<ClusterEvent> Answers(ClusterState state, DateTimeOffset now, Func<NodeId, bool> isThere)
    {
        var answers = new List<ClusterEvent>();
        foreach (var pull in state.ImagePulls.Values)
            foreach (var node in pull.Nodes.Where(node => isThere(node) && pull.WaitsFor(node)))
                if (AnswerOf(pull, node, now) is { } answer && answer != pull.Answers.GetValueOrDefault(node))
                    answers.Add(new ClusterEvent.ImagePulled(node, pull.Number, answer));
        return answers;
    }

    private PullAnswer? AnswerOf(ImagePull pull, NodeId node, DateTimeOffset now)
    {
        var key = (node, pull.Image);
        if (!Takes.TryGetValue(pull.Image, out var takes) || Present.Contains(key))
            return Fails.TryGetValue(node, out var broken) ? Failed(broken) : new PullAnswer(PullState.Present, 0, null);
        if (!pull.Pulling.Contains(node)) return new PullAnswer(PullState.Absent, 0, null);
        begun.TryAdd(key, now);
        MostAtOnce = Math.Max(MostAtOnce, begun.Count);
        var elapsed = now - begun[key];
        if (elapsed < takes)
            return TellsProgress ? new PullAnswer(PullState.Pulling, 1 + (long)elapsed.TotalSeconds, null) : null;
        begun.Remove(key);
        if (Fails.TryGetValue(node, out var reason)) return Failed(reason);
        Present.Add(key);
        return new PullAnswer(PullState.Present, 0, null);
    }

    private DateTimeOffset? DueOf(ImagePull pull, NodeId node)
    {
        if (!begun.TryGetValue((node, pull.Image), out var since)) return null;
        var end = since + Takes.GetValueOrDefault(pull.Image);
        if (!TellsProgress) return end;
        var next = since + TimeSpan.FromSeconds(pull.Answers.GetValueOrDefault(node)?.Progress ?? 0);
        return next < end ? next : end;
    }

    private static PullAnswer Failed(Reason reason) => new(PullState.Failed, 0, reason);
}
