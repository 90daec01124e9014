// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Output;

/// <summary>A command cannot go on: the message is for the user, the code for scripts. No other exception is expected to reach the
/// top.</summary>
internal sealed class CliException(ExitCode code, string message, string? next = null) : Exception(message)
{
    /// <summary>What the process ends with.</summary>
    public ExitCode Code { get; } = code;

    /// <summary>The next command to run; null: none.</summary>
    public string? Next { get; } = next;

    /// <summary>Further lines below the message, for example one for each wrong field.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}
