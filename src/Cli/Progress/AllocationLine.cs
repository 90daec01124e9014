// SPDX-License-Identifier: Apache-2.0
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Progress;

/// <summary>What is said of one allocation, line by line: each state once, never backwards, and what passes at once not at all.</summary>
/// <param name="name">As people write it, with its stack.</param>
/// <param name="isOlder">It is older than the command: how it stands at first is no news.</param>
internal sealed class AllocationLine(string name, bool isOlder)
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private V1.AllocationView? _seen;
    private string _word = "";
    private int _furthest;

    /// <summary>Timestamp of the moment in which the present state was first seen.</summary>
    public long Since { get; private set; }

    /// <summary>Takes in how it stands.</summary>
    public void Saw(V1.AllocationView allocation, long timestamp)
    {
        var word = AllocationText.Of(allocation).Word;
        if (word != _word) Since = timestamp;
        if (_seen is null && isOlder) Told(word, allocation);
        (_word, _seen) = (word, allocation);
    }

    /// <summary>The line that is due; null: none.</summary>
    /// <param name="hasSettled">The state has lasted long enough to be more than a step to the next one.</param>
    public (string Word, string Text)? Due(bool hasSettled)
    {
        if (_seen is null || _told.Contains(_word) || Rank(_seen) < _furthest || (!hasSettled && IsStep(_seen))) return null;
        Told(_word, _seen);
        // That it is with the agent is no news: the next state says it better.
        if (_seen.Status?.State is null or V1.AllocationState.Unspecified or V1.AllocationState.Assigned) return null;
        var reason = AllocationText.Of(_seen).Reason;
        return (_word, $"{name} on {_seen.NodeName}{(reason.Length > 0 ? $": {reason}" : "")}");
    }

    private void Told(string word, V1.AllocationView allocation)
    {
        _told.Add(word);
        _furthest = Math.Max(_furthest, Rank(allocation));
    }

    private static bool IsStep(V1.AllocationView allocation) =>
        allocation.Status?.State is null or < V1.AllocationState.Running or V1.AllocationState.Stopping
            || allocation.Status is { State: V1.AllocationState.Running, Health: V1.HealthState.Unknown };

    // States have numbers in the order of life; a new attempt after a failure goes back to the beginning and is not told again.
    private static int Rank(V1.AllocationView allocation) => (int)(allocation.Status?.State ?? V1.AllocationState.Unspecified);
}
