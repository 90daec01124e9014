// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using System.Text.Json;
using ClusterManager.Consul;

namespace ClusterManager.Manager.Tests.Support;

/// <summary>What becomes of one transaction.</summary>
internal enum Fate
{
    /// <summary>It is carried out and answered.</summary>
    Answered,

    /// <summary>It is carried out, and the connection breaks before the answer.</summary>
    AnswerLost,

    /// <summary>The connection breaks before Consul has it.</summary>
    CallLost,

    /// <summary>Consul refuses it for want of permission.</summary>
    Forbidden,
}

/// <summary>
/// As much of Consul as a term needs: transactions on keys with the lock's session and cas, reading keys, check updates. What it does was
/// measured on the real one; the tests of Leadership run against that.
/// </summary>
internal sealed class FakeConsul : HttpMessageHandler
{
    public const string Session = "0f0e0d0c-0000-0000-0000-000000000001";
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (byte[] Value, ulong Index)> _keys = new(StringComparer.Ordinal);
    private ulong _index = 1;
    private int _beats;
    private int _renewals;
    private int _commits;

    /// <summary>Who holds the lock.</summary>
    public string Holder { get; set; } = Session;

    /// <summary>Decides the fate of each transaction with writes.</summary>
    public Func<Task<Fate>> OnCommit { get; set; } = () => Task.FromResult(Fate.Answered);

    /// <summary>Decides the fate of each transaction that only checks.</summary>
    public Func<Task<Fate>> OnRenewal { get; set; } = () => Task.FromResult(Fate.Answered);

    /// <summary>How many of the next reads fail.</summary>
    public int ReadsToFail { get; set; }

    public int Beats => Volatile.Read(ref _beats);

    public int Renewals => Volatile.Read(ref _renewals);

    /// <summary>Transactions with writes that were carried out.</summary>
    public int Commits => Volatile.Read(ref _commits);

    public ConsulClient CreateClient(TimeProvider time) => new(new ConsulClientOptions { Time = time }, this);

    public ulong Put(string key, byte[] value)
    {
        lock (_lock)
        {
            _keys[key] = (value, ++_index);
            return _index;
        }
    }

    /// <summary>Everything that is stored, as an export has it.</summary>
    public IReadOnlyDictionary<string, byte[]> Export()
    {
        lock (_lock) return _keys.ToDictionary(pair => pair.Key, pair => pair.Value.Value, StringComparer.Ordinal);
    }

    public byte[]? Get(string key)
    {
        lock (_lock) return _keys.TryGetValue(key, out var found) ? found.Value : null;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = Uri.UnescapeDataString(request.RequestUri!.AbsolutePath);
        if (path == "/v1/txn") return await TransactionAsync(request, cancellationToken);
        if (path.StartsWith("/v1/agent/check/update/", StringComparison.Ordinal)) Interlocked.Increment(ref _beats);
        if (!path.StartsWith("/v1/kv/", StringComparison.Ordinal)) return Answer(HttpStatusCode.OK, "true");
        // A blocking query of a key that does not change.
        if (request.RequestUri.Query.Contains("index=", StringComparison.Ordinal)) await Task.Delay(Timeout.Infinite, cancellationToken);
        return Read(path["/v1/kv/".Length..]);
    }

    private HttpResponseMessage Read(string key)
    {
        if (ReadsToFail > 0)
        {
            ReadsToFail--;
            return Answer(HttpStatusCode.InternalServerError, "No cluster leader");
        }

        lock (_lock)
        {
            return _keys.TryGetValue(key, out var found)
                ? Answer(HttpStatusCode.OK, $"[{Entry(key, found.Value, found.Index)}]") : Answer(HttpStatusCode.NotFound, "");
        }
    }

    private async Task<HttpResponseMessage> TransactionAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
        var operations = body.RootElement.EnumerateArray().Select(one => one.GetProperty("KV")).ToList();
        var isRenewal = operations.Count == 1;
        var fate = await (isRenewal ? OnRenewal() : OnCommit()).WaitAsync(cancellationToken);
        if (fate == Fate.CallLost) throw new HttpRequestException("the connection broke");
        if (fate == Fate.Forbidden) return Answer(HttpStatusCode.Forbidden, "Permission denied");
        var answer = CarryOut(operations);
        if (isRenewal) Interlocked.Increment(ref _renewals);
        return fate == Fate.AnswerLost ? throw new HttpRequestException("the connection broke") : answer;
    }

    private HttpResponseMessage CarryOut(List<JsonElement> operations)
    {
        lock (_lock)
        {
            for (var i = 0; i < operations.Count; i++)
            {
                if (Refuse(operations[i]) is { } what)
                    return Answer(HttpStatusCode.Conflict,
                        $$"""{"Results":null,"Errors":[{"OpIndex":{{i}},"What":{{JsonSerializer.Serialize(what)}}}]}""");
            }

            var results = operations.Select(Apply).Where(entry => entry is not null).Select(entry => $$"""{"KV":{{entry}}}""");
            if (operations.Count > 1) _commits++;
            return Answer(HttpStatusCode.OK, $$"""{"Results":[{{string.Join(',', results)}}],"Errors":null}""");
        }
    }

    private string? Refuse(JsonElement operation)
    {
        var key = operation.GetProperty("Key").GetString()!;
        switch (operation.GetProperty("Verb").GetString())
        {
            case "check-session":
                var session = operation.GetProperty("Session").GetString();
                return session == Holder ? null : $"failed session check for key \"{key}\", current session \"{Holder}\" != \"{session}\"";
            case "cas":
                var index = _keys.TryGetValue(key, out var found) ? found.Index : 0;
                return operation.GetProperty("Index").GetUInt64() == index ? null : $"failed to set key \"{key}\", index is stale";
            default:
                return null;
        }
    }

    private string? Apply(JsonElement operation)
    {
        var key = operation.GetProperty("Key").GetString()!;
        switch (operation.GetProperty("Verb").GetString())
        {
            case "set" or "cas":
                _keys[key] = (operation.GetProperty("Value").GetBytesFromBase64(), ++_index);
                return Entry(key, null, _index);
            case "delete":
                _keys.Remove(key);
                return null;
            default:
                return Entry(key, null, 1);
        }
    }

    private static string Entry(string key, byte[]? value, ulong index)
    {
        var text = value is null ? "null" : $"\"{Convert.ToBase64String(value)}\"";
        return $$"""{"Key":"{{key}}","Value":{{text}},"ModifyIndex":{{index}},"LockIndex":7,"Session":"{{Session}}"}""";
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body)
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        answer.Headers.Add("X-Consul-Index", "5");
        return answer;
    }
}
