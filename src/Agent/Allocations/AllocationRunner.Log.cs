// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;
using ClusterManager.Hosting.Logging;
using ClusterManager.Model;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Allocations;

internal sealed partial class AllocationRunner
{
    private void LogMove(AllocationState from, AllocationFacts to) =>
        LogMoved(to.Id, from, to.State, to.History.Attempt, to.Reason?.Code ?? ReasonCode.None, to.Reason?.Text ?? "");

    private void LogMoved(AllocationId id, AllocationState from, AllocationState to, int attempt, ReasonCode reason, string text) =>
        LogMoved(_context.Logger, id, from, to, attempt, reason, text);

    private void LogHealth(AllocationId id, HealthState from, HealthState to) => LogHealth(_context.Logger, id, from, to);

    private void LogEngineTrouble(AllocationId id, string step, DockerErrorKind kind, string text) =>
        LogEngineTrouble(_context.Logger, id, step, kind, text);

    [LoggerMessage(EventIds.AgentAllocations, LogLevel.Information,
        "Allocation {AllocationId}: {From} to {To}, attempt {Attempt}, {Reason} {Text}", EventName = "AllocationMoved")]
    private static partial void LogMoved(
        ILogger logger, AllocationId allocationId, AllocationState from, AllocationState to, int attempt, ReasonCode reason, string text);

    [LoggerMessage(EventIds.AgentAllocations + 1, LogLevel.Information,
        "Allocation {AllocationId}: health {From} to {To}", EventName = "AllocationHealth")]
    private static partial void LogHealth(ILogger logger, AllocationId allocationId, HealthState from, HealthState to);

    [LoggerMessage(EventIds.AgentAllocations + 2, LogLevel.Warning,
        "Allocation {AllocationId}: {Step} did not succeed ({Kind}): {Text}", EventName = "EngineTrouble")]
    private static partial void LogEngineTrouble(ILogger logger, AllocationId allocationId, string step, DockerErrorKind kind, string text);
}
