// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>Keys and values one at a time. The cluster's state is written by <see cref="ConsulTransactions"/> instead.</summary>
public sealed class ConsulKv
{
    private readonly ConsulTransport _transport;

    internal ConsulKv(ConsulTransport transport) => _transport = transport;

    /// <summary>Reads one key; the answer's value is null when it does not exist.</summary>
    /// <param name="key">The key, not encoded.</param>
    /// <param name="read">How fresh, and whether to wait for a change (creation and deletion included).</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ConsulAnswer<KvEntry?>> GetAsync(string key, ReadOptions read, CancellationToken cancellation)
    {
        var reply = await _transport.SendAsync(ConsulRequest.Get(PathOf(key), "", read), cancellation);
        // The index of an absent key is that of its whole table: watching it works, and wakes up more often than needed.
        if (reply.IsNotFound)
            return reply.ToAnswer<KvEntry?>(null);
        if (!reply.IsSuccess)
            throw reply.ToException();
        return reply.ToAnswer<KvEntry?>(reply.Read(ConsulJson.Default.ListKvEntry)[0]);
    }

    /// <summary>Reads every key that starts with a prefix, in the order of their bytes; empty when there is none.</summary>
    /// <param name="prefix">The prefix; end it with a slash to mean a folder.</param>
    /// <param name="read">How fresh, and whether to wait for a change below the prefix.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ConsulAnswer<IReadOnlyList<KvEntry>>> ListAsync(string prefix, ReadOptions read, CancellationToken cancellation)
    {
        var reply = await _transport.SendAsync(ConsulRequest.Get(PathOf(prefix), "recurse", read), cancellation);
        if (reply.IsNotFound)
            return reply.ToAnswer<IReadOnlyList<KvEntry>>([]);
        if (!reply.IsSuccess)
            throw reply.ToException();
        return reply.ToAnswer<IReadOnlyList<KvEntry>>(reply.Read(ConsulJson.Default.ListKvEntry));
    }

    /// <summary>Reads the names of every key that starts with a prefix.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="read">How fresh, and whether to wait.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ConsulAnswer<IReadOnlyList<string>>> KeysAsync(string prefix, ReadOptions read, CancellationToken cancellation)
    {
        var reply = await _transport.SendAsync(ConsulRequest.Get(PathOf(prefix), "keys", read), cancellation);
        if (reply.IsNotFound)
            return reply.ToAnswer<IReadOnlyList<string>>([]);
        if (!reply.IsSuccess)
            throw reply.ToException();
        return reply.ToAnswer<IReadOnlyList<string>>(reply.Read(ConsulJson.Default.ListString));
    }

    /// <summary>Writes a key whatever it holds.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">At most 512 KiB.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task PutAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellation) =>
        await WriteAsync(key, "", value, cancellation);

    /// <summary>Writes a key only if nobody has since it was read.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">At most 512 KiB.</param>
    /// <param name="modifyIndex">The <see cref="KvEntry.ModifyIndex"/> that was read; 0 means that the key must not exist.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False when the key has changed; nothing was written.</returns>
    public Task<bool> CasAsync(string key, ReadOnlyMemory<byte> value, ulong modifyIndex, CancellationToken cancellation) =>
        WriteAsync(key, $"cas={modifyIndex}", value, cancellation);

    /// <summary>Takes the lock of a key for a session and writes its value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">At most 512 KiB.</param>
    /// <param name="session">The session that shall hold it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False when another session holds it, or its lock-delay has not passed.</returns>
    /// <exception cref="ConsulException">
    /// Among others when the session does not exist (<see cref="ConsulErrorKind.ServerError"/>).
    /// </exception>
    public Task<bool> AcquireAsync(string key, ReadOnlyMemory<byte> value, string session, CancellationToken cancellation) =>
        WriteAsync(key, $"acquire={Uri.EscapeDataString(session)}", value, cancellation);

    /// <summary>Gives the lock of a key back and writes its value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">At most 512 KiB.</param>
    /// <param name="session">The session that holds it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False when that session does not hold it.</returns>
    public Task<bool> ReleaseAsync(string key, ReadOnlyMemory<byte> value, string session, CancellationToken cancellation) =>
        WriteAsync(key, $"release={Uri.EscapeDataString(session)}", value, cancellation);

    /// <summary>Deletes a key; does nothing when it does not exist.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task DeleteAsync(string key, CancellationToken cancellation) =>
        await _transport.CallAsync(ConsulRequest.Delete(PathOf(key)), cancellation);

    private async Task<bool> WriteAsync(string key, string query, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        var call = ConsulRequest.Put(PathOf(key), query) with { Body = value.ToArray() };
        return await _transport.CallAsync(call, ConsulJson.Default.Boolean, cancellation);
    }

    private static string PathOf(string key) => $"/v1/kv/{ConsulPath.Encode(key)}";
}
