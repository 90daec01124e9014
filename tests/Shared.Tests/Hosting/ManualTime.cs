// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Shared.Tests.Hosting;

/// <summary>A clock that stands still until the test moves it. It fires no timers.</summary>
internal sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    private readonly DateTimeOffset _start = now;

    internal DateTimeOffset Now { get; set; } = now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => (Now - _start).Ticks;
}
