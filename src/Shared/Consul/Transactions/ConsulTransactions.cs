// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace ClusterManager.Consul;

/// <summary>All-or-nothing changes with conditions.</summary>
public sealed class ConsulTransactions
{
    private const string Path = "/v1/txn";
    private readonly ConsulTransport _transport;

    internal ConsulTransactions(ConsulTransport transport) => _transport = transport;

    /// <summary>Sends one transaction and says how it ended.</summary>
    /// <param name="operations">1 to <see cref="TransactionLimits.OperationCountMax"/>, carried out in this order.</param>
    /// <param name="mode">
    /// How fresh the state must be that a transaction without a change is checked against: a renewal that only checks a session
    /// must say <see cref="ConsistencyMode.Consistent"/>, or a deposed leader's server answers it. Without meaning when something is
    /// written.
    /// </param>
    /// <param name="cancellation">Gives up; what was sent may still be applied.</param>
    /// <exception cref="TransactionTooLargeException">It exceeds <see cref="TransactionLimits"/>.</exception>
    /// <exception cref="ArgumentException">There is no operation.</exception>
    public async Task<TransactionResult> CommitAsync(
        IReadOnlyList<TransactionOperation> operations, ConsistencyMode mode, CancellationToken cancellation)
    {
        var call = CreateRequest(operations, mode);
        try
        {
            return Interpret(await _transport.SendAsync(call, cancellation));
        }
        catch (ConsulException error)
        {
            return new TransactionResult.Unknown(error);
        }
    }

    /// <summary>
    /// The size of the body that these operations make, in bytes, to compare with <see cref="TransactionLimits.BodyBytesMax"/>.
    /// </summary>
    /// <param name="operations">The operations.</param>
    public static int MeasureBytes(IReadOnlyList<TransactionOperation> operations) => Serialize(operations).Length;

    private static ConsulRequest CreateRequest(IReadOnlyList<TransactionOperation> operations, ConsistencyMode mode)
    {
        if (operations.Count == 0)
            throw new ArgumentException("A transaction needs an operation", nameof(operations));
        if (operations.Count > TransactionLimits.OperationCountMax)
            throw new TransactionTooLargeException(operations.Count, 0);
        var body = Serialize(operations);
        if (body.Length > TransactionLimits.BodyBytesMax)
            throw new TransactionTooLargeException(operations.Count, body.Length);
        // Consul would refuse nothing, but a write never reads a stale state: do not pretend that it can be chosen.
        var query = operations.Any(operation => operation.Writes) ? "" : mode switch
        {
            ConsistencyMode.Consistent => "consistent",
            ConsistencyMode.Stale => "stale",
            _ => "",
        };
        return ConsulRequest.Put(Path, query) with { Body = body };
    }

    private static byte[] Serialize(IReadOnlyList<TransactionOperation> operations) =>
        JsonSerializer.SerializeToUtf8Bytes(
            operations.Select(TransactionOperationJson.From).ToList(), ConsulJson.Default.ListTransactionOperationJson);

    /// <summary>Turns an answer into a result. Pure.</summary>
    internal static TransactionResult Interpret(ConsulReply reply) => reply.Status switch
    {
        200 => ReadCommitted(reply),
        409 => TransactionRejection.Choose(reply.Read(ConsulJson.Default.TransactionReplyJson).Errors ?? []),
        401 or 403 => new TransactionResult.Rejected(RejectionKind.Permission, -1, reply.ErrorText),
        429 => new TransactionResult.Unknown(reply.ToException()),
        >= 400 and < 500 => new TransactionResult.Rejected(RejectionKind.Other, -1, reply.ErrorText),
        _ => new TransactionResult.Unknown(reply.ToException()),
    };

    private static TransactionResult.Committed ReadCommitted(ConsulReply reply)
    {
        var entries = new List<KvEntry>();
        foreach (var result in reply.Read(ConsulJson.Default.TransactionReplyJson).Results ?? [])
        {
            if (result.Kv is { } entry)
                entries.Add(entry);
        }

        return new TransactionResult.Committed(entries);
    }
}
