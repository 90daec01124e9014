// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent;

/// <summary>The beginning and the end of the process in its log.</summary>
internal static partial class AgentLog
{
    /// <summary>The process begins.</summary>
    [LoggerMessage(EventIds.AgentAllocations + 90, LogLevel.Information,
        "Agent of node {NodeName} ({NodeId}) in cluster {ClusterId} begins", EventName = "AgentBegins")]
    public static partial void Begins(ILogger logger, string nodeName, string nodeId, string clusterId);

    /// <summary>The process ends because it was asked to.</summary>
    [LoggerMessage(EventIds.AgentAllocations + 91, LogLevel.Information, "Agent ends; containers run on", EventName = "AgentEnds")]
    public static partial void Ends(ILogger logger);

    /// <summary>The process ends because a part of it failed.</summary>
    [LoggerMessage(EventIds.AgentAllocations + 92, LogLevel.Critical, "Agent ends by a failure; containers run on",
        EventName = "AgentFailed")]
    public static partial void Failed(ILogger logger, Exception error);
}
