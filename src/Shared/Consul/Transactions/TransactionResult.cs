// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>How a transaction ended. A value, since every one of the three must be acted upon.</summary>
public abstract record TransactionResult
{
    private TransactionResult()
    {
    }

    /// <summary>All of it happened.</summary>
    /// <param name="Entries">
    /// The keys that conditions and changes touched (without values) and that reads found (with them), in the operations' order;
    /// deletions and <c>check-not-exists</c> leave none.
    /// </param>
    public sealed record Committed(IReadOnlyList<KvEntry> Entries) : TransactionResult
    {
        /// <summary>The index a key has now, for the next cas; null when no operation but a deletion touched it.</summary>
        /// <param name="key">The key.</param>
        public ulong? ModifyIndexOf(string key)
        {
            // The last one: a key can be checked first and written later in the same transaction.
            for (var i = Entries.Count - 1; i >= 0; i--)
            {
                if (Entries[i].Key == key)
                    return Entries[i].ModifyIndex;
            }

            return null;
        }
    }

    /// <summary>Nothing of it happened, and Consul said why.</summary>
    /// <param name="Kind">Why; when several operations failed, the gravest: session, then permission, then the first.</param>
    /// <param name="OperationIndex">Which operation, from 0; −1 when the request as a whole was refused.</param>
    /// <param name="Text">Consul's words.</param>
    public sealed record Rejected(RejectionKind Kind, int OperationIndex, string Text) : TransactionResult;

    /// <summary>
    /// Nobody knows. It may have happened, or still happen, unless <paramref name="Error"/> says that it
    /// <see cref="ConsulException.ChangedNothing"/>: read again with <see cref="ConsistencyMode.Consistent"/>, and count it as not
    /// applied only after a cas of one's own on the same key has succeeded.
    /// </summary>
    /// <param name="Error">What came instead of an answer.</param>
    public sealed record Unknown(ConsulException Error) : TransactionResult;
}
