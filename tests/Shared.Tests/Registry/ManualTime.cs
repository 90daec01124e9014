// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Shared.Tests.Registry;

/// <summary>A clock that moves when told to. Timers run by the real one: none of them is due in these tests.</summary>
internal sealed class ManualTime : TimeProvider
{
    private TimeSpan _passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _passed.Ticks;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + _passed;

    public void Advance(TimeSpan time) => _passed += time;
}
