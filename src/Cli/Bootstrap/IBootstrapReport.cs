// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Bootstrap;

/// <summary>Where the steps of <c>init</c> and <c>join</c> are shown as they are done.</summary>
internal interface IBootstrapReport
{
    /// <summary>A step began.</summary>
    void Step(string text);
}
