// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Session;

/// <summary>
/// How far a pull is, as a number that only grows: of each layer the most bytes that were brought and, counted for themselves, unpacked;
/// and one for each word that was new of a layer, for what has no bytes to tell. Thread-safe.
/// </summary>
internal sealed class PullMeter : IProgress<PullProgress>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string? Layer, string Status), long> _most = [];

    /// <summary>The sum.</summary>
    public long Value
    {
        get
        {
            lock (_lock) return _most.Values.Sum() + _most.Count;
        }
    }

    /// <inheritdoc/>
    public void Report(PullProgress value)
    {
        lock (_lock)
        {
            var key = (value.Layer, value.Status);
            _most[key] = Math.Max(_most.GetValueOrDefault(key), value.CurrentBytes);
        }
    }
}
