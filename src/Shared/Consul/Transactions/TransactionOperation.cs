// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>
/// One step of a transaction: a condition, a change, or a read. Made by the methods below; order matters, so conditions go first.
/// </summary>
public sealed record TransactionOperation
{
    private TransactionOperation(string target, string verb)
    {
        Target = target;
        Verb = verb;
    }

    /// <summary>What is touched: "KV", "Node", "Service" or "Check".</summary>
    internal string Target { get; }

    /// <summary>Consul's word for the step.</summary>
    internal string Verb { get; }

    /// <summary>The key, prefix, or (for the catalog) node.</summary>
    internal string Key { get; private init; } = "";

    internal ReadOnlyMemory<byte>? Value { get; private init; }

    internal ulong? Index { get; private init; }

    internal ulong? Flags { get; private init; }

    internal string? Session { get; private init; }

    /// <summary>The service's or check's id on its node.</summary>
    internal string? Id { get; private init; }

    /// <summary>The service's name.</summary>
    internal string? Name { get; private init; }

    /// <summary>
    /// True when the step can change something: a transaction of reads only is answered without the quorum unless asked for.
    /// </summary>
    internal bool Writes => Verb is "set" or "cas" or "lock" or "unlock" or "delete" or "delete-cas" or "delete-tree";

    /// <summary>Fails unless this session holds the key's lock: the fence.</summary>
    /// <param name="key">The locked key.</param>
    /// <param name="session">The session.</param>
    public static TransactionOperation CheckSession(string key, string session) =>
        new("KV", "check-session") { Key = key, Session = session };

    /// <summary>Fails if the key exists.</summary>
    /// <param name="key">The key.</param>
    public static TransactionOperation CheckNotExists(string key) => new("KV", "check-not-exists") { Key = key };

    /// <summary>Fails unless the key was last changed at this index.</summary>
    /// <param name="key">The key.</param>
    /// <param name="modifyIndex">Its <see cref="KvEntry.ModifyIndex"/>.</param>
    public static TransactionOperation CheckIndex(string key, ulong modifyIndex) =>
        new("KV", "check-index") { Key = key, Index = modifyIndex };

    /// <summary>Writes a key, and fails if it has changed since it was read.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="modifyIndex">The index that was read; 0 means that the key must not exist.</param>
    public static TransactionOperation Cas(string key, ReadOnlyMemory<byte> value, ulong modifyIndex) =>
        new("KV", "cas") { Key = key, Value = value, Index = modifyIndex };

    /// <summary>Writes a key whatever it holds.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    public static TransactionOperation Set(string key, ReadOnlyMemory<byte> value) => new("KV", "set") { Key = key, Value = value };

    /// <summary>Takes the key's lock for a session and writes its value; fails if another holds it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="session">The session.</param>
    public static TransactionOperation Lock(string key, ReadOnlyMemory<byte> value, string session) =>
        new("KV", "lock") { Key = key, Value = value, Session = session };

    /// <summary>Gives the key's lock back and writes its value; fails if this session does not hold it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="session">The session.</param>
    public static TransactionOperation Unlock(string key, ReadOnlyMemory<byte> value, string session) =>
        new("KV", "unlock") { Key = key, Value = value, Session = session };

    /// <summary>Deletes a key; nothing happens when it does not exist.</summary>
    /// <param name="key">The key.</param>
    public static TransactionOperation Delete(string key) => new("KV", "delete") { Key = key };

    /// <summary>Deletes every key that starts with a prefix.</summary>
    /// <param name="prefix">The prefix; end it with a slash, or "a/1" takes "a/10" along.</param>
    public static TransactionOperation DeleteTree(string prefix) => new("KV", "delete-tree") { Key = prefix };

    /// <summary>Reads a key; fails if it does not exist.</summary>
    /// <param name="key">The key.</param>
    public static TransactionOperation Get(string key) => new("KV", "get") { Key = key };

    /// <summary>Reads every key that starts with a prefix.</summary>
    /// <param name="prefix">The prefix.</param>
    public static TransactionOperation GetTree(string prefix) => new("KV", "get-tree") { Key = prefix };

    /// <summary>Removes a service instance from the catalog, e.g. a dead node's; fails if it is not there.</summary>
    /// <param name="node">The node it is registered on.</param>
    /// <param name="serviceId">Its id.</param>
    /// <param name="serviceName">Its name; Consul refuses the step without one, though the id decides.</param>
    public static TransactionOperation DeleteService(string node, string serviceId, string serviceName) =>
        new("Service", "delete") { Key = node, Id = serviceId, Name = serviceName };

    /// <summary>Removes a node with all its services and checks from the catalog; fails if it is not there.</summary>
    /// <param name="node">The node's name.</param>
    public static TransactionOperation DeleteNode(string node) => new("Node", "delete") { Key = node };
}
