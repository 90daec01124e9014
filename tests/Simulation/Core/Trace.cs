// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Simulation.Core;

/// <summary>The run's story: a hash over all of it, the newest lines, and, if asked for, every line as it comes.</summary>
internal sealed class Trace(Timeline timeline, Action<string>? teller)
{
    private const int Kept = 400;
    private readonly Queue<string> _newest = new();

    /// <summary>FNV-1a over every line: two runs of one seed must agree.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037UL;

    /// <summary>The newest lines, oldest first.</summary>
    public IEnumerable<string> Newest => _newest;

    /// <summary>Tells one thing that happened.</summary>
    public void Tell(string who, string what)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{timeline.Now.TotalSeconds,9:0.000} {who,-10} {what}");
        foreach (var unit in line) Mix(unit);
        _newest.Enqueue(line);
        if (_newest.Count > Kept) _newest.Dequeue();
        teller?.Invoke(line);
    }

    /// <summary>Takes into the hash what is not worth a line.</summary>
    public void Mix(ulong value) => Hash = (Hash ^ value) * 1099511628211UL;
}
