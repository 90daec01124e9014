// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace ClusterManager.Load;

/// <summary>Counts what becomes of a target's requests. Used by all its clients at once.</summary>
public sealed class LoadTally(string target)
{
    private readonly Lock _lock = new();
    private readonly List<long> _milliseconds = [];
    private readonly SortedDictionary<string, long> _versions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _endpoints = new(StringComparer.Ordinal);
    private long _failed;
    private long _reset;
    private long _late;
    private long _retries;
    private long _connections;

    /// <summary>A good answer.</summary>
    public void Answered(IPEndPoint endpoint, string version, TimeSpan took, bool isLate)
    {
        lock (_lock)
        {
            _milliseconds.Add((long)took.TotalMilliseconds);
            _versions[version] = _versions.GetValueOrDefault(version) + 1;
            _endpoints[$"{endpoint}"] = _endpoints.GetValueOrDefault($"{endpoint}") + 1;
            if (isLate) _late++;
        }
    }

    /// <summary>A failure.</summary>
    public void Failed(bool isReset)
    {
        lock (_lock)
        {
            _failed++;
            if (isReset) _reset++;
        }
    }

    /// <summary>A request that is sent again.</summary>
    public void Retried() => Interlocked.Increment(ref _retries);

    /// <summary>A connection is made.</summary>
    public void Connected() => Interlocked.Increment(ref _connections);

    /// <summary>All that was counted.</summary>
    public LoadSum Sum()
    {
        lock (_lock)
        {
            _milliseconds.Sort();
            return new LoadSum
            {
                Target = target, Requests = _milliseconds.Count + _failed, Good = _milliseconds.Count - _late, Failed = _failed,
                Reset = _reset, Late = _late, Retries = _retries, Connections = _connections,
                P50Ms = Share(0.5), P99Ms = Share(0.99), MaxMs = Share(1),
                Versions = _versions.ToDictionary(), Endpoints = _endpoints.ToDictionary(),
            };
        }
    }

    // The smallest time that so great a share of the answers did not exceed.
    private long Share(double share) =>
        _milliseconds.Count == 0 ? 0 : _milliseconds[Math.Max(0, (int)Math.Ceiling(share * _milliseconds.Count) - 1)];
}
