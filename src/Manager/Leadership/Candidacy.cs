// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Manager.Persistence;

namespace ClusterManager.Manager.Leadership;

/// <summary>
/// One session with its check and, when it was won, the lock. Bound to serfHealth (the machine) and to the check (the work loop), never to
/// a session TTL, which Consul ends only after twice its time. No lock-delay: safety is the fence.
/// </summary>
internal sealed class Candidacy
{
    private readonly ConsulClient _consul;
    private readonly LeaderBeat _beat;
    private readonly byte[] _value;

    private Candidacy(ConsulClient consul, LeaderBeat beat, string session, byte[] value, long term)
    {
        _consul = consul;
        _beat = beat;
        _value = value;
        Session = session;
        Term = term;
    }

    /// <summary>The session that holds the lock.</summary>
    public string Session { get; }

    /// <summary>The lock's <c>LockIndex</c>: grows at each acquisition.</summary>
    public long Term { get; }

    /// <summary>Tries once. Null: another was faster.</summary>
    public static async Task<Candidacy?> TryWinAsync(ConsulClient consul, LeaderBeat beat, byte[] value,
        CancellationToken cancellationToken)
    {
        await beat.BeginAsync(cancellationToken);
        var request = new SessionRequest { Name = "cluster-manager", ServiceChecks = [beat.CheckId] };
        var session = await consul.Sessions.CreateAsync(request, cancellationToken);
        var won = false;
        try
        {
            won = await consul.Kv.AcquireAsync(StateKeys.Lead, value, session, cancellationToken);
            if (!won) return null;
            var entry = (await consul.Kv.GetAsync(StateKeys.Lead, ReadOptions.Consistent, cancellationToken)).Value;
            won = entry?.Session == session;
            return won ? new Candidacy(consul, beat, session, value, (long)entry!.LockIndex) : null;
        }
        finally
        {
            if (!won) await EndSessionAsync(consul, beat, session);
        }
    }

    /// <summary>Gives the lock back so that another can lead at once; bounded, best effort.</summary>
    public async Task ResignAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), _consul.Time);
        try
        {
            await _consul.Kv.ReleaseAsync(StateKeys.Lead, _value, Session, limit.Token);
        }
        catch (Exception error) when (error is ConsulException or OperationCanceledException)
        {
            // The session's end releases it.
        }

        await EndSessionAsync(_consul, _beat, Session);
    }

    private static async Task EndSessionAsync(ConsulClient consul, LeaderBeat beat, string session)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), consul.Time);
        try
        {
            await consul.Sessions.DestroyAsync(session, limit.Token);
            await beat.EndAsync(limit.Token);
        }
        catch (Exception error) when (error is ConsulException or OperationCanceledException)
        {
            // The check is not beaten any more: the session ends 2 s later.
        }
    }
}
