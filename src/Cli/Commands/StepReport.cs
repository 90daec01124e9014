// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Shell;

namespace ClusterManager.Cli.Commands;

/// <summary>Shows the steps of <c>init</c> and <c>join</c>, one line each.</summary>
/// <param name="session">Where.</param>
internal sealed class StepReport(CliSession session) : IBootstrapReport
{
    /// <inheritdoc/>
    public void Step(string text) =>
        session.Note(session.Environment.IsErrorTerminal ? $"  {text}…" : $"{TimeText.Clock(session.Environment.Time)} step     {text}");
}
