// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Allocations;

/// <summary>The end of an attempt.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="ExitCode">What the process returned; 0 where it never ran.</param>
/// <param name="RanFor">How long the process ran; zero where it never did.</param>
internal sealed record AttemptEnd(AttemptEndKind Kind, int ExitCode, TimeSpan RanFor)
{
    /// <summary>True only for a process that said itself that it is done.</summary>
    public bool IsSuccess => Kind == AttemptEndKind.Exited && ExitCode == 0;
}
