// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Tests.Leadership;

/// <summary>The way to a real Consul, on which a test loses calls and answers, or holds a caller up so that its thread hangs.</summary>
internal sealed class LossyHandler() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private int _callsToLose;
    private int _answersToLose;

    /// <summary>The next transaction with writes does not reach Consul.</summary>
    public void LoseNextCall() => Interlocked.Increment(ref _callsToLose);

    /// <summary>The next transaction with writes is carried out, and its answer is lost.</summary>
    public void LoseNextAnswer() => Interlocked.Increment(ref _answersToLose);

    /// <summary>
    /// Whoever sends a transaction or a beat hangs with its thread until <see cref="Thaw"/>: as a loop that computes for ever.
    /// </summary>
    public void Freeze() => _open.Reset();

    public void Thaw() => _open.Set();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        var isLoops = path == "/v1/txn" || path.StartsWith("/v1/agent/check/update", StringComparison.Ordinal);
        if (isLoops) _open.Wait(CancellationToken.None);
        var isCommit = path == "/v1/txn"
            && (await request.Content!.ReadAsStringAsync(cancellationToken)).Contains("\"cas\"", StringComparison.Ordinal);
        if (isCommit && Take(ref _callsToLose)) throw new HttpRequestException("the connection broke before the call");
        var answer = await base.SendAsync(request, cancellationToken);
        if (!isCommit || !Take(ref _answersToLose)) return answer;
        answer.Dispose();
        throw new HttpRequestException("the connection broke before the answer");
    }

    private static bool Take(ref int count)
    {
        var left = Volatile.Read(ref count);
        return left > 0 && Interlocked.CompareExchange(ref count, left - 1, left) == left;
    }
}
