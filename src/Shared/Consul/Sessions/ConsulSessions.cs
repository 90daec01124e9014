// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>Sessions of the node whose agent answers.</summary>
public sealed class ConsulSessions
{
    private readonly ConsulTransport _transport;

    internal ConsulSessions(ConsulTransport transport) => _transport = transport;

    /// <summary>Creates a session and returns its id.</summary>
    /// <param name="request">What it depends on.</param>
    /// <param name="cancellation">Gives up; a session made all the same ends with its checks.</param>
    /// <exception cref="ArgumentException">No node check is named.</exception>
    /// <exception cref="ConsulException">
    /// Among others when a check is unknown or does not pass (<see cref="ConsulErrorKind.ServerError"/>, with Consul's words).
    /// </exception>
    public async Task<string> CreateAsync(SessionRequest request, CancellationToken cancellation)
    {
        if (request.NodeChecks.Count == 0)
            throw new ArgumentException("A session without a node check outlives its machine", nameof(request));
        var call = ConsulRequest.Put("/v1/session/create", SessionCreateJson.From(request), ConsulJson.Default.SessionCreateJson);
        return (await _transport.CallAsync(call, ConsulJson.Default.IdJson, cancellation)).Id;
    }

    /// <summary>Ends a session and releases its locks; does nothing when it has ended.</summary>
    /// <param name="session">Its id.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task DestroyAsync(string session, CancellationToken cancellation) =>
        await _transport.CallAsync(ConsulRequest.Put($"/v1/session/destroy/{ConsulPath.Encode(session)}"), cancellation);

    /// <summary>Reads a session; the answer's value is null when it has ended.</summary>
    /// <param name="session">Its id.</param>
    /// <param name="read">How fresh, and whether to wait for a change.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ConsulAnswer<SessionInfo?>> GetAsync(string session, ReadOptions read, CancellationToken cancellation)
    {
        var answer = await _transport.QueryAsync(
            $"/v1/session/info/{ConsulPath.Encode(session)}", "", read, ConsulJson.Default.ListSessionInfo, cancellation);
        return new(answer.Value.Count == 0 ? null : answer.Value[0], answer.Index, answer.KnownLeader);
    }

    /// <summary>Renews a session that has a TTL.</summary>
    /// <param name="session">Its id.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False when it has ended.</returns>
    public async Task<bool> RenewAsync(string session, CancellationToken cancellation)
    {
        var reply = await _transport.SendAsync(ConsulRequest.Put($"/v1/session/renew/{ConsulPath.Encode(session)}"), cancellation);
        if (reply.IsNotFound)
            return false;
        return reply.IsSuccess ? true : throw reply.ToException();
    }
}
