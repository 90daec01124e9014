// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul.Provisioning;

/// <summary>Waits until a Consul that was just started can be used.</summary>
public static class ConsulReadiness
{
    /// <summary>Looks until everything asked for holds, or the time is over.</summary>
    /// <param name="client">A client of the agent that was started.</param>
    /// <param name="request">What must hold.</param>
    /// <param name="cancellation">Gives up at once.</param>
    /// <returns>Ready, or the reason it was not at the last look.</returns>
    public static async Task<ReadinessResult> WaitAsync(ConsulClient client, ReadinessRequest request, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(request.Timeout, client.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        string? missing = "Consul has not answered";
        try
        {
            while (true)
            {
                missing = await FindMissingAsync(client, request, linked.Token);
                if (missing is null)
                    return new ReadinessResult(true, "");
                await Task.Delay(request.Interval, client.Time, linked.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ReadinessResult(false, $"after {request.Timeout.TotalSeconds:0.#} s: {missing}");
        }
    }

    private static async Task<string?> FindMissingAsync(ConsulClient client, ReadinessRequest request, CancellationToken cancellation)
    {
        try
        {
            if ((await client.Operator.GetLeaderAsync(cancellation)).Length == 0)
                return "the Consul servers have no leader";
            if (request.NeedsAcl)
                await client.Acl.GetOwnTokenAsync(cancellation);
            return request.Voters.IsEmpty
                ? null
                : DescribeMissingVoters(request, await client.Operator.GetRaftServersAsync(ConsistencyMode.Default, cancellation));
        }
        catch (ConsulException error)
        {
            return error.Message;
        }
    }

    private static string? DescribeMissingVoters(ReadinessRequest request, IReadOnlyList<RaftServer> servers)
    {
        var missing = request.Voters.Where(name => !servers.Any(server => server.Node == name && server.Voter)).ToList();
        return missing.Count == 0 ? null : $"not yet voting: {string.Join(", ", missing)}";
    }
}
