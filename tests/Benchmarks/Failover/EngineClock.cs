// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using LabHosts = ClusterManager.Lab.Tests.Harness.Lab;

namespace ClusterManager.Benchmarks.Failover;

/// <summary>What the hosts' engines say about when containers started: the clock of truth for replacements.</summary>
public sealed class EngineClock(LabHosts lab)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until so many containers started after a moment, and tells how long after it the last of them did.</summary>
    /// <param name="label">Of the containers, <c>KEY=VALUE</c>.</param>
    /// <param name="hosts">Where is looked.</param>
    /// <param name="since">The moment.</param>
    /// <param name="count">How many.</param>
    /// <param name="limit">For all of them.</param>
    public async Task<TimeSpan> LastStartAsync(
        string label, IReadOnlyCollection<string> hosts, DateTimeOffset since, int count, TimeSpan limit)
    {
        while (true)
        {
            var started = new List<TimeSpan>();
            foreach (var host in hosts) started.AddRange(await StartsAsync(label, host, since));
            if (started.Count >= count) return started.Order().ElementAt(count - 1);
            if (TimeProvider.System.GetUtcNow() - since > limit)
                throw new TimeoutException($"{started.Count} of {count} containers with {label} started within {limit.TotalSeconds} s");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private async Task<IEnumerable<TimeSpan>> StartsAsync(string label, string host, DateTimeOffset since)
    {
        var events = await lab.DockerAsync(
            host, "events", "--since", Nanoseconds(since), "--until", Nanoseconds(TimeProvider.System.GetUtcNow()),
            "--filter", "event=start", "--filter", $"label={label}", "--format", "{{.TimeNano}}");
        return events.Expect(0).Lines.Select(line => TimeSpan.FromTicks(
            (long.Parse(line, CultureInfo.InvariantCulture) / 100) - (since - DateTimeOffset.UnixEpoch).Ticks));
    }

    private static string Nanoseconds(DateTimeOffset moment)
    {
        var ticks = (moment - DateTimeOffset.UnixEpoch).Ticks;
        var (seconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds}.{rest * 100:000000000}");
    }
}
