// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Api.Projection;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>
/// A service's logs, merged over its replicas: asks the agents that have them, and passes on what they upload. Without <c>follow</c> lines
/// come in order of time; with it, in order of arrival.
/// </summary>
internal sealed class LogReader(LogBroker broker, TimeProvider time)
{
    private static readonly TimeSpan FirstAnswer = TimeSpan.FromSeconds(10);

    /// <summary>Sends until all is said or the caller is gone.</summary>
    public async Task ReadAsync(
        LeaderTerm term, V1.LogsRequest request, IServerStreamWriter<V1.LogBatch> responses, CancellationToken cancellationToken)
    {
        var sources = new List<LogSource>();
        try
        {
            foreach (var group in Wanted(term.Engine.Snapshots.Current, request).GroupBy(one => one.Allocation.Node))
            {
                var state = term.Engine.Snapshots.Current;
                var node = ServiceProjection.NodeName(state, group.Key);
                if (term.Sessions.Find(group.Key) is { } session && TryAsk(session, group, request) is { } subscription)
                    sources.Add(new LogSource(subscription, node, group.ToDictionary(one => one.Allocation.Id, one => one.Name)));
                else await responses.WriteAsync(new V1.LogBatch { Notice = $"node {node} is away: its replicas' logs are missing" },
                    cancellationToken);
            }

            if (request.Follow) await LogMerge.ByArrivalAsync(sources, responses, cancellationToken);
            else await LogMerge.ByTimeAsync(sources, responses, FirstAnswer, time, cancellationToken);
        }
        finally
        {
            foreach (var source in sources)
            {
                term.Sessions.Find(source.Subscription.Node)?.TrySend(
                    new V1.ManagerMessage { LogCancel = new V1.LogCancel { Request = source.Subscription.Request } });
                source.Subscription.Dispose();
            }
        }
    }

    private static IEnumerable<(AllocationRecord Allocation, string Name)> Wanted(ClusterState state, V1.LogsRequest request)
    {
        if (request.Names.Count == 0) throw ApiErrors.Invalid("names", "", "at least one service");
        foreach (var wire in request.Names)
        {
            var name = wire.ToModel();
            var service = state.Find(name) ?? throw ApiErrors.NotFound(
                $"service '{name.Display}' does not exist",
                    NearestNames.Of(name.Display, state.Services.Values.Select(one => one.Name.Display)));
            foreach (var allocation in ServiceProjection.AllocationsOf(state, service.Id))
            {
                // An ended allocation's container may still be there: its last words are what one looks for.
                if (allocation.Ended == AllocationState.Lost || (request.Slot != 0 && allocation.Id.Slot != request.Slot)) continue;
                yield return (allocation, $"{name.Display}.{HookSlot.NameOf(allocation.Id.Slot)}");
            }
        }
    }

    private LogSubscription? TryAsk(AgentSession session, IEnumerable<(AllocationRecord Allocation, string Name)> wanted,
        V1.LogsRequest request)
    {
        var subscription = broker.Open(session.Node);
        var message = new V1.LogRequest
        {
            Request = subscription.Request, Follow = request.Follow, SinceAgeMs = request.SinceAgeMs, Tail = request.Tail,
        };
        message.Allocations.AddRange(wanted.Select(one => one.Allocation.Id.ToWire()));
        if (session.TrySend(new V1.ManagerMessage { LogRequest = message })) return subscription;
        subscription.Dispose();
        return null;
    }
}
