// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>Translates health checks between the engine's words and ours. Pure.</summary>
internal static class HealthcheckMapping
{
    /// <summary>A check in our words.</summary>
    public static ContainerHealthcheck FromDto(HealthcheckDto dto) => new()
    {
        Test = dto.Test ?? [],
        Interval = FromNanoseconds(dto.Interval),
        Timeout = FromNanoseconds(dto.Timeout),
        StartPeriod = FromNanoseconds(dto.StartPeriod),
        Retries = dto.Retries ?? 0,
    };

    /// <summary>A check in the engine's words; zero is left out and means "the image's value or the default".</summary>
    public static HealthcheckDto ToDto(ContainerHealthcheck check) => new()
    {
        Test = EngineMapping.ToSendOrNull(check.Test),
        Interval = ToNanoseconds(check.Interval),
        Timeout = ToNanoseconds(check.Timeout),
        StartPeriod = ToNanoseconds(check.StartPeriod),
        Retries = check.Retries == 0 ? null : check.Retries,
    };

    private static TimeSpan FromNanoseconds(long? nanoseconds) => TimeSpan.FromTicks((nanoseconds ?? 0) / TimeSpan.NanosecondsPerTick);

    private static long? ToNanoseconds(TimeSpan time) => EngineMapping.NullIfZero(time.Ticks * TimeSpan.NanosecondsPerTick);
}
