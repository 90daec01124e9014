// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Simulation.Docker;

/// <summary>What the commands of simulated hooks mean.</summary>
internal static class HookWork
{
    /// <summary>The commands there are; most hooks are good.</summary>
    public static readonly IReadOnlyList<string> Words = ["short", "short", "short", "long", "wrong", "endless"];

    /// <summary>How long it runs at most, in seconds, and with what it ends.</summary>
    public static (double Seconds, int ExitCode) Of(string word) => word switch
    {
        "long" => (25, 0),
        "wrong" => (6, 1),
        "endless" => (3600, 0),
        _ => (4, 0),
    };
}
