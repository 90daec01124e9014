// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hollow.Runs;

/// <summary>How a soak is run.</summary>
internal sealed record SoakOptions
{
    /// <summary>Hollow agents.</summary>
    public int Agents { get; init; } = 300;

    /// <summary>Rounds of trouble before the first measurement: caches and pools fill.</summary>
    public int WarmUpRounds { get; init; } = 2;

    /// <summary>Rounds after it, each with a measurement at rest.</summary>
    public int Rounds { get; init; } = 30;

    /// <summary>How long the trouble of a round lasts.</summary>
    public TimeSpan Round { get; init; } = TimeSpan.FromSeconds(58);

    /// <summary>Connections cut each second.</summary>
    public double CutsPerSecond { get; init; } = 3;

    /// <summary>Services scaled each second.</summary>
    public double ChangesPerSecond { get; init; } = 1;

    /// <summary>Containers that crash each second; each is a report, a restart and a report.</summary>
    public double CrashesPerSecond { get; init; } = 1;

    /// <summary>Draws who is cut and who crashes.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The form for every build: about half a minute.</summary>
    public static SoakOptions Short { get; } = new()
    {
        Agents = 60, WarmUpRounds = 1, Rounds = 4, Round = TimeSpan.FromSeconds(4), CutsPerSecond = 8, ChangesPerSecond = 4,
    };
}
