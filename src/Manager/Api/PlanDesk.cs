// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.Planning.Plans;
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Api;

/// <summary>
/// Plans on snapshots, beside the engine's loop and never in it: one at a time, so that a plan of a large service takes one processor at
/// most from the loop. Thread-safe.
/// </summary>
internal sealed class PlanDesk(TimeProvider time) : IDisposable
{
    // No ticket of the loop's is negative, and no client's id has blanks.
    private const long Ticket = -1;
    private static readonly MutationOrigin Origin = new(" plan ", "plan", "plan");
    private readonly SemaphoreSlim oneAtATime = new(1);

    /// <summary>What the change would do now.</summary>
    /// <exception cref="global::Grpc.Core.RpcException">The change would be refused, or the leader does not know yet what runs.</exception>
    /// <param name="snapshot">Gives the newest snapshot when its turn has come.</param>
    /// <param name="make">The change.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<(ChangePlan Plan, ClusterState State)> PlanAsync(
        Func<ClusterState> snapshot, ChangeRequests.Make make, CancellationToken cancellationToken)
    {
        await oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var state = snapshot();
            if (!state.Memory.IsSettled) throw ApiErrors.Unavailable("this leader has just begun and is still asking what runs: ask again");
            var result = ChangePlanner.Plan(
                state, make(Ticket, Origin), time.GetUtcNow(), EngineTimings.Default, PlanAssumptions.Default);
            return result.Refused is { } refused ? throw ApiErrors.Of(refused) : (result.Plan!, state);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>The change as it is to be submitted: with what its plan rests on, when it was planned.</summary>
    /// <exception cref="global::Grpc.Core.RpcException">What the plan rests on has moved.</exception>
    public async Task<ChangeRequests.Make> CheckedAsync(
        Func<ClusterState> snapshot, string plan, MutationOrigin origin, ChangeRequests.Make make, CancellationToken cancellationToken)
    {
        // A retry of what was carried out finds the state moved by itself: it is answered with the first answer.
        if (plan.Length == 0 || snapshot().Requests.ContainsKey(origin.RequestId)) return make;
        if (!PlanId.TryParse(plan, out var given)) throw ApiErrors.Invalid("plan", plan, "the id that 'cluster plan' printed");
        var (now, state) = await PlanAsync(snapshot, make, cancellationToken);
        if (PlanCheck.Refuse(given, now, state, time.GetUtcNow()) is { } moved) throw ApiErrors.Of(moved);
        return (ticket, who) => make(ticket, who) with { Base = now.Base };
    }

    public void Dispose() => oneAtATime.Dispose();
}
