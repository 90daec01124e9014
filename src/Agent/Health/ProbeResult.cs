// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Health;

/// <summary>What one probe found.</summary>
/// <param name="IsPassed">It succeeded within its time.</param>
/// <param name="Output">What it said: status line, error; cut to <see cref="OutputLengthMax"/> characters.</param>
internal sealed record ProbeResult(bool IsPassed, string Output)
{
    /// <summary>The longest output that is kept.</summary>
    public const int OutputLengthMax = 512;

    /// <summary>A result with its output cut.</summary>
    public static ProbeResult Of(bool isPassed, string output) =>
        new(isPassed, output.Length <= OutputLengthMax ? output : output[..OutputLengthMax]);
}
